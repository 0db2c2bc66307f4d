import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Config } from '../config/config.ts'
import { configKeys, valueAt } from '../config/keys.ts'
import { parseConfig } from '../config/parse.ts'
import type { Json } from '../store/events.ts'
import { grpoDefaults } from '../methods/grpo.ts'
import { opsdDefaults } from '../methods/opsd.ts'
import type { TapoOptions } from '../methods/tapo.ts'
import { alterations } from './alterations.ts'
import { experiment, experiments } from './experiments.ts'
import { settingsOf } from './prepare.ts'
import { lastRunFolder, newRunFolder } from './run-folder.ts'

/** What an experiment sets to another value than the default: the whole preset, in one place. */
const changed = (config: Config): Record<string, unknown> => {
  const data = config as unknown as Json
  const kinds = { 'task.kind': config.task.kind, 'method.kind': config.method.kind }
  const differing = configKeys().flatMap(({ path, variant, default: fallback }) => {
    if (fallback === undefined || (variant !== undefined && variant !== kinds[`${path.split('.')[0] as 'task' | 'method'}.kind`])) return []
    const value = valueAt(data, path)
    return JSON.stringify(value) === JSON.stringify(fallback) ? [] : [[path, value]]
  })
  return { ...kinds, ...(Object.fromEntries(differing) as Record<string, unknown>) }
}
const preset = (name: string): Record<string, unknown> => changed(experiment(name).make())

const easy = { 'task.kind': 'gsm8k', 'task.maxCalculations': 2, 'task.maxNumber': 99 }
const evaluation = { 'evaluation.everySteps': 30, 'evaluation.problems': 64 }

test('every preset is pinned', () => {
  expect(preset('quick')).toEqual({
    name: 'quick',
    steps: 40,
    saveEverySteps: 20,
    'model.path': 'starter',
    'task.kind': 'mini',
    'method.kind': 'tapo',
    'rollout.problems': 24,
    'rollout.maxTokens': 96,
    'optimizer.learningRate': 5e-5,
    'optimizer.warmupSteps': 2,
    'optimizer.schedule': 'cosine',
    'optimizer.weightDecay': 0,
    'evaluation.everySteps': 40,
    'evaluation.problems': 250,
    'evaluation.samples': 8,
  })
  expect(preset('quick-coldstart')).toEqual({
    name: 'quick-coldstart',
    steps: 100,
    'model.path': 'starter',
    'task.kind': 'mini',
    'method.kind': 'sft',
    'rollout.maxTokens': 96,
    'optimizer.learningRate': 2e-4,
    'optimizer.warmupSteps': 5,
    'optimizer.schedule': 'cosine',
    'optimizer.weightDecay': 0,
    'evaluation.everySteps': 100,
    'evaluation.problems': 250,
    'evaluation.samples': 8,
  })
  expect(preset('gsm8k')).toEqual({
    ...easy,
    ...evaluation,
    name: 'gsm8k',
    steps: 30,
    saveEverySteps: 10,
    'method.kind': 'tapo',
    'rollout.problems': 8,
    'rollout.maxTokens': 160,
    'optimizer.learningRate': 1e-5,
    'optimizer.warmupSteps': 3,
    'optimizer.weightDecay': 0,
  })
  expect(preset('gsm8k-warmup')).toEqual({
    ...easy,
    ...evaluation,
    'evaluation.everySteps': 77,
    name: 'gsm8k-warmup',
    steps: 231,
    saveEverySteps: 77,
    'method.kind': 'sft',
    'method.corrections': false,
    'method.reflections': false,
    'rollout.problems': 16,
    'rollout.groupSize': 0,
    'rollout.maxTokens': 160,
    'optimizer.learningRate': 4e-4,
    'optimizer.warmupSteps': 5,
    'optimizer.schedule': 'cosine',
    'optimizer.weightDecay': 0,
  })
  expect(preset('gsm8k-coldstart')).toEqual({
    ...easy,
    ...evaluation,
    name: 'gsm8k-coldstart',
    steps: 60,
    saveEverySteps: 20,
    'method.kind': 'sft',
    'rollout.problems': 16,
    'rollout.groupSize': 1,
    'rollout.maxTokens': 160,
    'optimizer.learningRate': 2e-4,
    'optimizer.warmupSteps': 5,
    'optimizer.schedule': 'cosine',
    'optimizer.weightDecay': 0,
  })
  expect(preset('paper')).toEqual({
    name: 'paper',
    'model.templateVariables': { enable_thinking: false },
    'task.kind': 'math',
    'task.data': 'deepscaler',
    'task.evaluation': ['aime-2024', 'aime-2025', 'hmmt-2025'],
    'task.developmentShare': 0,
    'task.badRows': 'skip',
    'method.kind': 'tapo',
    'evaluation.everySteps': 50,
    'evaluation.problems': 90,
    'evaluation.samples': 16,
    'evaluation.greedy': false,
  })
})

test('an alteration changes its own keys and the name', () => {
  const base = preset('quick')
  const alone = (name: string): Record<string, unknown> =>
    Object.fromEntries(Object.entries(preset(`quick-${name}`)).filter(([key, value]) => key !== 'name' && base[key] !== value))
  expect(alone('grpo')).toEqual({ 'method.kind': 'grpo' })
  expect(alone('rloo')).toEqual({ 'method.kind': 'grpo', 'method.baseline.deviation': 'leave-one-out', 'method.baseline.epsilon': 0 })
  expect(alone('dr-grpo')).toMatchObject({ 'method.baseline.deviation': 'none', 'method.aggregation': 'constant-length' })
  expect(alone('clip-higher')).toEqual({ 'method.kind': 'grpo', 'method.clipHigh': 0.28 })
  expect(alone('sequence-mean')).toEqual({ 'method.kind': 'grpo', 'method.aggregation': 'sequence-mean' })
  expect(alone('dynamic-sampling')).toEqual({ 'method.kind': 'grpo', 'rollout.replacements': 3 })
  expect(alone('dapo')).toEqual({ 'method.kind': 'grpo', 'method.clipHigh': 0.28, 'rollout.replacements': 3 })
  expect(alone('cold-start')).toEqual({ steps: 0 })
  expect(alone('opsd')).toEqual({ 'method.kind': 'opsd' })
  expect(alone('opsd-live')).toEqual({ 'method.kind': 'opsd', 'method.teacher': 'live' })
  expect(alone('opsd-jsd')).toEqual({ 'method.kind': 'opsd', 'method.divergence': 'jsd' })
  expect(alone('opsd-reverse')).toEqual({ 'method.kind': 'opsd', 'method.divergence': 'reverse' })
  expect(alone('opsd-sampled')).toEqual({ 'method.kind': 'opsd', 'method.divergence': 'sampled' })
  expect(alone('opsd-uncapped')).toEqual({ 'method.kind': 'opsd', 'method.cap': 0 })
  expect(alone('sft-constructed')).toEqual({ 'method.kind': 'sft-constructed' })
  expect(alone('full-reconstruction')).toEqual({ 'method.reconstruction': 'whole' })
  expect(experiment('quick-no-suppression').make().method).toMatchObject({ suppression: 'off' })
  expect(alone('coupled')).toEqual({ 'method.comparison': 'coupled' })
  expect(alone('no-selection')).toEqual({ 'method.zone.minRight': 1, 'method.zone.minWrong': 1 })
  expect(alone('no-negatives')).toEqual({ 'method.negatives': 'none' })
  expect(alone('imitate')).toEqual({ 'method.negatives': 'none', 'method.whenAllRight': 'imitate' })
  expect(alone('prefix-context')).toEqual({ 'method.prefixLoss': 'context' })
})

test("an alteration keeps the options that its method shares with the one it alters, and takes its own method's defaults for the rest", () => {
  const base = parseConfig({ method: { kind: 'sft-constructed', zone: { minRight: 3 }, prefixLoss: 'context' } })
  const { kind, zone, prefixLoss, suppression } = alterations['no-suppression']!.of(base).method as { kind: string } & TapoOptions
  expect({ kind, zone, prefixLoss, suppression }).toEqual({
    kind: 'tapo',
    zone: { minRight: 3, minWrong: 4, maxConstructions: 4 },
    prefixLoss: 'context',
    suppression: 'off',
  })
  const clipped = parseConfig({ method: { kind: 'grpo', clipHigh: 0.3 } })
  expect(alterations['opsd-live']!.of(clipped).method).toEqual({ kind: 'opsd', ...opsdDefaults, clipHigh: 0.3, teacher: 'live' })
  expect(alterations['rloo']!.of(parseConfig({ method: { kind: 'sft' } })).method).toEqual({
    kind: 'grpo',
    ...grpoDefaults,
    baseline: { deviation: 'leave-one-out', epsilon: 0 },
  })
})

test('every experiment is a valid configuration of its own name', () => {
  for (const { name, make } of experiments) {
    expect(parseConfig(make() as unknown as Json)).toEqual(make())
    expect(make().name).toBe(name)
  }
})

test('an unknown experiment is refused with the nearest name', () => {
  expect(() => experiment('qiuck')).toThrow('qiuck: no such experiment or file, did you mean quick?')
})

test('a gradient norm of 0 means that gradients are not scaled', () => {
  expect(settingsOf(parseConfig({ optimizer: { maxGradientNorm: 0 } })).optimizer.maxGradientNorm).toBe(Infinity)
  expect(settingsOf(parseConfig({})).schedule).toEqual({ kind: 'constant', learningRate: 1e-6, warmupSteps: 10, steps: 500 })
})

test('a run gets the first free folder of its name, and resuming goes to the last', () => {
  const before = process.cwd()
  process.chdir(mkdtempSync(join(tmpdir(), 'tapo-runs-')))
  try {
    const mine = { out: '', name: 'mine' }
    expect(() => lastRunFolder(mine)).toThrow('no run to resume here')
    expect(newRunFolder(mine)).toBe(join('runs', 'mine'))
    mkdirSync(join('runs', 'mine'), { recursive: true })
    writeFileSync(join('runs', 'mine', 'events.jsonl'), '')
    expect([newRunFolder(mine), lastRunFolder(mine)]).toEqual([join('runs', 'mine-2'), join('runs', 'mine')])
    expect([newRunFolder({ ...mine, out: 'x' }), lastRunFolder({ ...mine, out: 'x' })]).toEqual(['x', 'x'])
  } finally {
    process.chdir(before)
  }
})
