import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseConfig } from '../config/parse.ts'
import { localEngine } from '../engine/local/local-engine.ts'
import { tinyModel } from '../experiments/fixtures/tiny-model.ts'
import { contentsOf } from '../store/fixtures/folders.ts'
import { takeLock } from '../store/lock.ts'
import { beginningFrom, designOf, type Grid, planOf, type Plan } from './grid.ts'
import { gridOf, grids } from './grids.ts'
import { results } from './results.ts'
import { runGrid } from './run-grid.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapo-grid-'))
const directory = join(folder, 'grid')
let plan: Plan

beforeAll(async () => {
  plan = planOf(grid(2), parseConfig({ ...small, model: { path: await tinyModel(folder) } }), 'test')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const small = {
  name: 'small',
  steps: 2,
  task: { kind: 'mini' },
  method: { kind: 'grpo' },
  rollout: { problems: 2, groupSize: 2, maxTokens: 8 },
  evaluation: { everySteps: 0, problems: 3, samples: 2 },
  engine: { threads: 1 },
}

/** Two methods that differ in the learning rate alone. */
function grid(seeds: number): Grid {
  const upTo = Array.from({ length: seeds }, (_, i) => i + 1)
  return {
    name: 'small',
    what: 'a slow one against a fast one',
    base: () => parseConfig(small),
    arms: [
      { name: 'slow', what: 'as it is', seeds: upTo, of: (config) => config },
      {
        name: 'fast',
        what: 'at a higher rate',
        seeds: [1],
        of: (config) => ({ ...config, optimizer: { ...config.optimizer, learningRate: 0.1 } }),
      },
    ],
    comparisons: [
      { title: 'rates', reference: 'slow', arms: ['fast'] },
      { title: 'the other way', reference: 'fast', arms: ['slow', 'none'] },
    ],
  }
}

/** Runs what is left; the names of the cells that were run. */
async function go(jobs: number, given: Plan = plan, only: readonly string[] = ['slow', 'fast']): Promise<string[]> {
  const names: string[] = []
  await runGrid(given, {
    directory,
    jobs,
    only,
    startEngine: localEngine,
    done: ({ name }, outcome) => names.push(outcome instanceof Error ? `${name}: ${outcome.message}` : name),
  })
  return names.toSorted()
}

test("cells come seed by seed, each with its arm's configuration", () => {
  expect(plan.cells.map(({ name }) => name)).toEqual(['slow-1', 'fast-1', 'slow-2'])
  expect(plan.cells.map(({ config }) => [config.seed, config.optimizer.learningRate])).toEqual([
    [1, 1e-6],
    [1, 0.1],
    [2, 1e-6],
  ])
  expect(() => planOf({ ...grid(0), arms: [] }, parseConfig(small), 'test')).toThrow('small: no seeds, so there is nothing to run')
})

test('a grid is run, a finished one is left alone, and a deleted run comes back with the same bytes', async () => {
  expect(await go(2, plan, ['fast'])).toEqual(['fast-1'])
  expect(await go(2)).toEqual(['slow-1', 'slow-2'])
  expect(JSON.parse(readFileSync(join(directory, 'design.json'), 'utf8'))).toEqual(designOf(plan))
  const before = contentsOf(join(directory, 'slow-2', 'run'))
  const evaluation = readFileSync(join(directory, 'slow-2', 'evaluation.json'), 'utf8')
  expect(await go(2)).toEqual([])
  rmSync(join(directory, 'slow-2'), { recursive: true })
  expect(await go(1)).toEqual(['slow-2'])
  expect(contentsOf(join(directory, 'slow-2', 'run'))).toEqual(before)
  expect(readFileSync(join(directory, 'slow-2', 'evaluation.json'), 'utf8')).toBe(evaluation)
})

test('the methods are set side by side as far as their runs are done', () => {
  const [rates, reversed] = results(designOf(plan), directory)
  const [slow, fast] = rates?.arms ?? []
  expect(slow).toMatchObject({ arm: 'slow', runs: 2, planned: 2, right: { value: 0 } })
  expect(fast).toMatchObject({ arm: 'fast', runs: 1, planned: 1, difference: { value: 0 }, p: 1, adjusted: 1 })
  expect(slow?.difference).toBeUndefined()
  expect(reversed?.arms.map(({ arm, difference }) => [arm, difference === undefined])).toEqual([
    ['fast', true],
    ['slow', false],
  ])
  expect(fast?.figures['truncatedShare']).toBeGreaterThan(0)
})

test('runs that answered other problems are not compared', () => {
  const path = join(directory, 'fast-1', 'evaluation.json')
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, text.replace('"samples": 2', '"samples": 4'))
  expect(() => results(designOf(plan), directory)).toThrow('fast-1 and slow-1: not comparable, they differ in the problems to answer')
  writeFileSync(path, text)
})

test('another design is refused in the same folder, and so is a second process', async () => {
  const other = planOf(grid(1), plan.cells[0]!.config, 'test')
  await expect(go(1, other)).rejects.toThrow(`${join(directory, 'design.json')}: was written for other runs than these`)
  const release = takeLock(directory)
  await expect(go(1)).rejects.toThrow('in use')
  release()
})

test('a run that fails is told, does not stop the others, and is tried again', async () => {
  for (const name of ['slow-1', 'slow-2']) rmSync(join(directory, name), { recursive: true })
  const broken: Plan = {
    ...plan,
    cells: plan.cells.map((cell) =>
      cell.name === 'slow-1' ? { ...cell, config: { ...cell.config, model: { ...cell.config.model, path: '/nowhere' } } } : cell,
    ),
  }
  const told = await go(1, broken)
  expect(told[0]).toMatch(/^slow-1: \/nowhere: no such folder/)
  expect(told[1]).toBe('slow-2')
  expect(existsSync(join(directory, 'slow-1'))).toBe(false)
  expect(await go(1)).toEqual(['slow-1'])
})

test('an evaluation that is damaged is named', async () => {
  writeFileSync(join(directory, 'fast-1', 'evaluation.json'), '{ "name": 1 }')
  await expect(go(1)).rejects.toThrow(`${join(directory, 'fast-1', 'evaluation.json')}: not an evaluation`)
})

test('a direct method begins from the model before the cold start, all its runs from the same', async () => {
  const [slow] = grid(2).arms
  const arms = [slow!, { ...slow!, name: 'direct', begins: 'base' as const }]
  const pair: Grid = { ...grid(2), arms, comparisons: [{ title: 'starts', reference: 'slow', arms: ['direct'] }] }
  const { config } = plan.cells[0]!
  expect(() => planOf(pair, config, 'test')).toThrow('direct: begins from the model before its cold start, not from')
  expect(() => beginningFrom(grid(1), 'elsewhere')).toThrow('--base elsewhere: small has no method that begins before a cold start')
  const options = { directory: join(folder, 'starts'), jobs: 2, startEngine: localEngine }
  const other = join(folder, 'other')
  cpSync(config.model.path, other, { recursive: true })
  const from = planOf(beginningFrom(pair, other), config, 'test')
  const found = (): unknown[] => results(designOf(from), options.directory).flatMap((each) => each.arms.map(({ arm, runs }) => [arm, runs]))
  await runGrid(from, options)
  expect(found()).toEqual([
    ['slow', 2],
    ['direct', 2],
  ])
  rmSync(join(options.directory, 'direct-2'), { recursive: true })
  writeFileSync(join(other, 'note.txt'), 'another model')
  await runGrid(from, options)
  expect(found).toThrow('direct-2 and direct-1: not comparable, they differ in the model')
})

test('every declared grid makes cells, and an unknown one is refused with the nearest name', () => {
  for (const each of grids) {
    const direct = each.arms.some(({ begins }) => begins === 'base')
    const begun = direct ? beginningFrom(each, 'before') : each
    expect(planOf(begun, begun.base(), 'development').cells.length).toBeGreaterThan(5)
  }
  expect(gridOf('mini').arms.map(({ name, seeds }) => [name, seeds.length])).toEqual([
    ['grpo', 10],
    ['tapo', 10],
  ])
  expect(() => gridOf('mni')).toThrow('mni: no such grid; did you mean mini?')
})
