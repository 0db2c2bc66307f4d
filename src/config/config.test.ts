import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Json } from '../store/events.ts'
import { assign } from './assign.ts'
import { configKeys, keysFor, valueAt } from './keys.ts'
import { editDistance, nearest } from './nearest.ts'
import { parseConfig } from './parse.ts'
import { readConfigFile } from './read-file.ts'

const messageOf = (data: Json): string => {
  try {
    parseConfig(data)
  } catch (cause) {
    return (cause as Error).message
  }
  return ''
}

function file(name: string, text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'tapo-config-')), name)
  writeFileSync(path, text)
  return path
}

async function fileMessage(text: string, name: string = 'mine.yaml'): Promise<string> {
  const path = file(name, text)
  try {
    const { data, locate } = await readConfigFile(path)
    parseConfig(data, locate)
  } catch (cause) {
    return (cause as Error).message.replaceAll(path, name)
  }
  return ''
}

test('there are at most 80 keys, one that several kinds have counted once, and each says what it does and whence its default comes', () => {
  const keys = configKeys()
  expect(new Set(keys.map(({ path }) => path)).size).toBeLessThanOrEqual(80)
  for (const { path, meaning, mark } of keys) expect([path, meaning !== '', ['P', 'I', 'D'].includes(mark)]).toEqual([path, true, true])
  expect(keys.every((key) => key.default !== undefined || key.path.endsWith('.kind'))).toBe(true)
})

test('nothing given is a whole configuration with the default of every key', () => {
  const config = parseConfig({}) as unknown as Json
  for (const { path, default: fallback } of keysFor(config)) {
    if (fallback !== undefined) expect([path, valueAt(config, path)]).toEqual([path, fallback])
  }
  expect(valueAt(config, 'method.kind')).toBe('tapo')
})

test('an unknown key is refused with its path and the nearest name', () => {
  expect(messageOf({ rollout: { tempature: 1 } })).toBe('config: rollout.tempature: no such key, did you mean rollout.temperature?')
  expect(messageOf({ learningRate: 1 })).toBe('config: learningRate: no such key, did you mean optimizer.learningRate?')
  expect(messageOf({ qqqqqqqqqqqqqqqqqqqq: 1 })).toBe('config: qqqqqqqqqqqqqqqqqqqq: no such key; `tapo config` lists all')
  expect(messageOf({ method: { kind: 'grpo', lambda: 1 } })).toBe('config: method.lambda: only method.kind tapo has this key')
  expect(messageOf({ method: { suppression: { lo: 1 }, kind: 'tapo' } })).toContain('did you mean method.suppression.low?')
})

test('a value that cannot be is refused with its path', () => {
  expect(messageOf({ rollout: { problems: 0 } })).toBe('config: rollout.problems: too small: expected number to be >=1')
  expect(messageOf({ seed: 1.5 })).toContain('config: seed: invalid input: expected int')
  expect(messageOf({ method: { kind: 'dpo' } })).toBe('config: method.kind: not one of tapo, grpo, opsd, sft, sft-constructed, rows')
  expect(messageOf({ method: { kind: 'tapo', suppression: 'on' } })).toContain('method.suppression')
  expect(messageOf([])).toContain('the whole: invalid input')
  expect(messageOf({ steps: -1, seed: -1 }).split('\n')).toHaveLength(2)
})

test('keys that do not fit together are refused', () => {
  expect(messageOf({ task: { kind: 'mini', fewest: 7, most: 6 } })).toBe('config: task.fewest: 7 is more than task.most, 6')
  expect(messageOf({ rollout: { groupSize: 0 } })).toBe('config: rollout.groupSize: 0 attempts, but tapo is made of attempts')
  expect(messageOf({ method: { kind: 'sft', corrections: false, reflections: false }, rollout: { groupSize: 0 } })).toBe('')
})

test('what is wrong in a file is told with line and column', async () => {
  expect(await fileMessage('steps: 3\nrollout:\n  problem: 4\n')).toBe(
    'mine.yaml:3:3: rollout.problem: no such key, did you mean rollout.problems?',
  )
  expect(await fileMessage('{\n  "steps": "many"\n}', 'mine.json')).toContain('mine.json:2:3: steps: invalid input: expected number')
  expect(await fileMessage('steps: [3')).toMatch(/^mine\.yaml:1:\d+: /)
  expect(await fileMessage('just words')).toBe('mine.yaml: not a configuration, which is keys and values')
  expect(await fileMessage('steps: 3\nsteps: 4')).toMatch(/^mine\.yaml:2:1: .*unique/)
  expect(await fileMessage('steps: 3\nrollout:\n  stop: [*end]\n')).toMatch(
    /^mine\.yaml:3:10: Unresolved alias .*: end; text that begins with \*/,
  )
  expect(await fileMessage(`a: &a [${'1, '.repeat(9)}]\nb: &b [${'*a, '.repeat(9)}]\nc: &c [${'*b, '.repeat(9)}]\nd: [*c, *c]`)).toMatch(
    /^mine\.yaml: Excessive alias count/,
  )
  expect(await fileMessage('steps: 3\n---\nsteps: 4\n')).toBe('mine.yaml:2:1: a second document begins here, a configuration is one')
  await expect(readConfigFile('nowhere.yaml')).rejects.toThrow('nowhere.yaml: cannot be read')
})

test('YAML and JSON files say the same', async () => {
  const yaml = await readConfigFile(file('a.yaml', 'method:\n  kind: tapo\n  suppression: off\nrollout: { stop: [a, b] }\n'))
  const json = await readConfigFile(file('a.json', '{"method": {"kind": "tapo", "suppression": "off"}, "rollout": {"stop": ["a", "b"]}}'))
  expect(parseConfig(yaml.data)).toEqual(parseConfig(json.data))
})

test('--set alters any key', () => {
  const config = parseConfig({}) as unknown as Json
  for (const { path, default: fallback } of keysFor(config)) {
    if (fallback !== undefined) expect(valueAt(assign(config, `${path}=${JSON.stringify(fallback)}`), path)).toEqual(fallback)
  }
  expect(valueAt(assign(config, 'rollout.stop=[a, "b c"]'), 'rollout.stop')).toEqual(['a', 'b c'])
  expect(parseConfig(assign(config, 'method.suppression=off')).method).toMatchObject({ suppression: 'off' })
  expect(parseConfig(assign(assign(config, 'method.suppression=off'), 'method.suppression.low=0.1')).method).toMatchObject({
    suppression: { low: 0.1, high: 10 },
  })
  expect(() => assign(config, 'steps')).toThrow('--set steps: not path=value')
})

test('what a chat template is given may have any name and any value', () => {
  const templateVariables = { enable_thinking: false, tools: [{ name: 'add', parameters: { a: 1.5 } }], date: null, 'odd name': 'x' }
  expect(parseConfig({ model: { templateVariables } }).model.templateVariables).toEqual(templateVariables)
  const set = assign(assign({}, 'model.templateVariables.enable_thinking=false'), 'model.templateVariables.tools=[{name: add}]')
  expect(parseConfig(set).model.templateVariables).toEqual({ enable_thinking: false, tools: [{ name: 'add' }] })
  expect(messageOf({ model: { templateVariables: ['enable_thinking'] } })).toContain('model.templateVariables')
})

test('a new kind keeps the keys that it has too', () => {
  const config = parseConfig({ method: { kind: 'tapo', clipHigh: 0.28, lambda: 2 } }) as unknown as Json
  const { method } = parseConfig(assign(config, 'method.kind=grpo'))
  expect(method).toMatchObject({ kind: 'grpo', clipHigh: 0.28 })
  expect(method).not.toHaveProperty('lambda')
  expect(() => parseConfig(assign(config, 'method.kind=gpro'))).toThrow('method.kind: not one of tapo, grpo, opsd, sft')
})

test('edits are insertions, deletions, replacements and swaps', () => {
  expect(editDistance('steps', 'steps')).toBe(0)
  expect(editDistance('setps', 'steps')).toBe(1)
  expect(editDistance('step', 'steps')).toBe(1)
  expect(editDistance('', 'abc')).toBe(3)
  expect(nearest('steqs', ['seed', 'steps'])).toBe('steps')
  expect(nearest('xyz', ['seed', 'steps'])).toBeUndefined()
})
