/** `npm run check`: every guard besides the tests, one line each; a guard that fails shows what it found. `npm run check -- lint` runs one. */
import { spawnSync } from 'node:child_process'
import { root, setUp } from './setup.mjs'

/** Guards by name: programs of node_modules or of this folder, with their arguments; all must succeed. */
const GUARDS = {
  typecheck: ['tsconfig.json', 'bench'].map((project) => ['node_modules/typescript/bin/tsc', '--noEmit', '-p', project]),
  format: [['node_modules/oxfmt/bin/oxfmt', '--check']],
  lint: [['node_modules/oxlint/bin/oxlint']],
  unused: [['node_modules/knip/bin/knip.js']],
  reference: [['scripts/make-reference.mjs', '--check']],
  package: [['scripts/check-package.mjs']],
}

process.chdir(root)
setUp()
const wanted = process.argv.slice(2)
const failed = Object.keys(GUARDS).filter((name) => (wanted.length === 0 || wanted.includes(name)) && !passes(name))
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1

function passes(name) {
  const started = performance.now()
  const results = GUARDS[name].map((command) => spawnSync(process.execPath, command, { encoding: 'utf8', maxBuffer: 2 ** 28 }))
  const broken = results.filter(({ status }) => status !== 0)
  for (const { stdout, stderr } of broken) console.log(`${stdout}${stderr}`.trim())
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const said = name === 'package' && broken.length === 0 ? `: ${results[0].stdout.trim()}` : ''
  console.log(`${name}: ${broken.length === 0 ? 'ok' : 'FAILED'} in ${seconds} s${said}`)
  return broken.length === 0
}
