/**
 * Checks the package as its users get it: packs it, runs publint and are-the-types-wrong on the tarball, installs it into an empty
 * folder, runs `tapo --help` there, and compiles a small strict consumer against its types. Prints what was packed.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npm, root, run } from './setup.mjs'

const CONSUMER = `import * as tapo from 'tapo'
export const names: readonly string[] = Object.keys(tapo)
`
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
  write('consumer.ts', CONSUMER)
  write(
    'tsconfig.json',
    JSON.stringify({ compilerOptions: { ...COMPILER, typeRoots: [join(root, 'node_modules', '@types')] }, include: ['consumer.ts'] }),
  )
  tool('typescript', 'bin/tsc', ['-p', folder])
  run(process.execPath, ['--input-type=module', '--eval', "await import('tapo')"], folder)
}

function write(name, text) {
  writeFileSync(join(folder, name), text)
}
