/** `npm start`: sets itself up, then does the main job in this process: `tapo train quick`, with whatever follows `npm start --`. */
import { pathToFileURL } from 'node:url'
import { root, setUp } from './setup.mjs'

setUp()
const main = `${root}dist/cli/main.js`
process.argv = [process.execPath, main, 'train', 'quick', ...process.argv.slice(2)]
await import(pathToFileURL(main).href)
