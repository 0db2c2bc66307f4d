/**
 * What `npm start`, `npm test` and the other scripts call first: dependencies from the lockfile when node_modules does not hold
 * them, the compiled package when its sources changed. Plain JavaScript without dependencies, because it runs before there are
 * any. It says one line for each thing it does and nothing when there is nothing to do. It never changes the lockfile.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of package.json, with a trailing separator. */
export const root = fileURLToPath(new URL('..', import.meta.url))

const NODE_FLOOR = [20, 19]

/** Paths that a build leaves out (as tsconfig.build.json does): tests, what imports the test runner, test data, and what was built. */
const NOT_BUILT = /\.test\.ts$|conformance\.ts$|[/\\](?:fixtures|dist)[/\\]/

/** Everything a command needs before it can begin. */
export function setUp() {
  checkNode()
  install()
  build()
}

/** Says what to do when this Node is too old, instead of failing somewhere inside. */
function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [floorMajor, floorMinor] = NODE_FLOOR
  if (major > floorMajor || (major === floorMajor && minor >= floorMinor)) return
  fail(`node: version ${process.versions.node} is too old, ${NODE_FLOOR.join('.')} or newer is needed`)
}

/** Installs the lockfile's packages when node_modules holds others. Install scripts stay off: onnxruntime-node's downloads CUDA files. */
export function install() {
  if (installed(root)) return
  timed('installing dependencies', () => npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], root))
}

/** Whether node_modules holds what package-lock.json names. npm writes node_modules/.package-lock.json last, so an interrupted install has none. */
export function installed(folder) {
  const held = readPackages(join(folder, 'node_modules', '.package-lock.json'))
  const wanted = readPackages(join(folder, 'package-lock.json'))
  if (held === undefined || wanted === undefined) return false
  return Object.entries(wanted).every(([path, entry]) => path === '' || entry.optional || held[path]?.version === entry.version)
}

function readPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined
}

/** Compiles the package into dist/ when its sources changed. */
export function build() {
  compile({ project: 'tsconfig.build.json', rootDir: 'src', outDir: 'dist', files: sources('src') })
}

/** Compiles `files` with a tsconfig and copies what is not TypeScript (prompts), unless the stamp in `outDir` says it is done. */
export function compile({ project, rootDir, outDir, files }) {
  const stamp = join(root, outDir, '.sources')
  const hash = hashOf([...files, project, 'tsconfig.json', 'package-lock.json'])
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  timed(`compiling into ${outDir}/`, () => {
    rmSync(join(root, outDir), { recursive: true, force: true })
    run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', project], root)
    for (const file of files.filter((path) => !path.endsWith('.ts'))) cpSync(join(root, file), join(root, outDir, relative(rootDir, file)))
    writeFileSync(stamp, hash)
  })
}

/** Paths below `folder` that a build reads, sorted. */
export function sources(folder) {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)))
  return paths.filter((path) => !NOT_BUILT.test(path)).toSorted()
}

function hashOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(`${path}\0`).update(readFileSync(join(root, path)))
  return hash.digest('hex')
}

/** Runs npm: the one that started this script, so that a fresh machine needs no other. */
export function npm(args, cwd) {
  const path = process.env.npm_execpath
  return path?.endsWith('.js') ? run(process.execPath, [path, ...args], cwd) : run('npm', args, cwd)
}

/** Runs a command to its end and gives its output; where it fails, shows that and ends this process. */
export function run(command, args, cwd) {
  const result = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    shell: process.platform === 'win32' && command === 'npm',
  })
  if (result.status === 0) return result.stdout
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`.trim()
  return fail(`${output}\n${[command, ...args].join(' ')}: ${result.signal ? `ended by ${result.signal}` : 'failed, see above'}`)
}

/** Says what is done and how long it took, on stderr, so that piped output stays the command's own. */
function timed(what, work) {
  const started = performance.now()
  process.stderr.write(`${what} ...`)
  work()
  process.stderr.write(` ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
}

function fail(message) {
  process.stderr.write(`\n${message}\n`)
  return process.exit(1)
}
