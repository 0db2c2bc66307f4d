/** `npm test [-- vitest arguments]`: sets itself up, runs the tests, and ends with the line `N passed, N failed`; exit code 1 unless none failed. */
import { root, setUp } from './setup.mjs'

process.chdir(root)
setUp()
const { parseCLI, startVitest } = await import('vitest/node')
const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
const vitest = await startVitest('test', filter, { ...options, watch: false })
const { passed, failed } = counts(vitest.state)
await vitest.close()
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1

/** A file that does not load and an error outside of any test count as failures too. */
function counts(state) {
  const modules = state.getTestModules()
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const inState = (wanted) => tests.filter((test) => test.result().state === wanted).length
  const suites = modules.flatMap((module) => [...module.children.allSuites()])
  const errors = [...modules, ...suites].flatMap((part) => part.errors())
  return { passed: inState('passed'), failed: inState('failed') + errors.length + state.getUnhandledErrors().length }
}
