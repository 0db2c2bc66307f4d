/** `npm run bench [-- options]`: sets itself up, compiles bench/ beside the package's sources, and runs it. */
import { compile, root, setUp, sources } from './setup.mjs'

setUp()
compile({ project: 'bench/tsconfig.json', rootDir: '.', outDir: 'bench/dist', files: [...sources('src'), ...sources('bench')] })
process.argv[1] = `${root}bench/dist/bench/main.js`
await import('../bench/dist/bench/main.js')
