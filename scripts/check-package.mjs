/**
 * Checks the package as its users get it: packs it, runs publint and are-the-types-wrong on the tarball, installs it into an empty
 * folder, runs `tapo --help` there, compiles README's library example against its types, and runs the tutorial's program for one step.
 * Prints what was packed.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npm, root, run } from './setup.mjs'

const COMPILER = { module: 'nodenext', target: 'es2023', strict: true, noEmit: true, types: ['node'] }

const folder = mkdtempSync(join(tmpdir(), 'tapo-package-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root))
const tarball = join(folder, packed.filename)
tool('publint', 'src/cli.js', ['run', tarball, '--strict'])
tool('@arethetypeswrong/cli', 'dist/index.js', [tarball, '--profile', 'esm-only', '--format', 'ascii'])
installAndUse()
const megabytes = (bytes) => (bytes / 1e6).toFixed(2)
console.log(`${packed.files.length} files, ${megabytes(statSync(tarball).size)} MB packed, ${megabytes(packed.unpackedSize)} MB unpacked`)

function tool(name, main, args) {
  run(process.execPath, [join(root, 'node_modules', name, main), ...args], root)
}

function installAndUse() {
  write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', tarball], folder)
  run(process.execPath, [join(folder, 'node_modules', 'tapo', 'dist', 'cli', 'main.js'), '--help'], folder)
  write('consumer.ts', codeBlock('README.md', 'ts'))
  write(
    'tsconfig.json',
    JSON.stringify({ compilerOptions: { ...COMPILER, typeRoots: [join(root, 'node_modules', '@types')] }, include: ['consumer.ts'] }),
  )
  tool('typescript', 'bin/tsc', ['-p', folder])
  write(
    'tutorial.mjs',
    codeBlock('docs/tutorial.md', 'js').replace(
      /steps: \d+/,
      'steps: 1, evaluation: { everySteps: 0, problems: 1, samples: 1, greedy: false }',
    ),
  )
  run(process.execPath, ['tutorial.mjs'], folder)
}

/** The first block of code in a language that a document holds. */
function codeBlock(document, language) {
  const [, block] = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(readFileSync(join(root, document), 'utf8'))
  return block
}

function write(name, text) {
  writeFileSync(join(folder, name), text)
}
