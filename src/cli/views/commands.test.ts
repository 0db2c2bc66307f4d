import { expect, test } from 'vitest'
import { parseConfig } from '../../config/parse.ts'
import { budgetOf, estimate } from '../../experiments/budget.ts'
import { budgetText } from './budget.ts'
import { accuracyOf, changeOf } from '../../evaluation/records.ts'
import { wilson } from '../../evaluation/wilson.ts'
import type { StepEvent } from '../../store/events.ts'
import { amount, positiveShare, shareBelowOne } from '../options.ts'
import { type Answer, answersText } from './answers.ts'
import { figuresTable } from './figures.ts'
import { gridIntro, resultsText } from './grid.ts'
import { designOf, planOf } from '../../grids/grid.ts'
import { gridOf } from '../../grids/grids.ts'
import { comparisonText, type Side } from './comparison.ts'
import { age } from './format.ts'
import { plain } from './paint.ts'
import { type RunSummary, runsTable } from './runs.ts'

test('an answer has its end and the sum of its log-probabilities', () => {
  const logprobs = Float32Array.of(-0.5, -0.25)
  const answer: Answer = { text: 'a\u0007b', tokens: Int32Array.of(1, 2), logprobs, sampledLogprobs: logprobs, end: 'stop' }
  expect(answersText([answer, { ...answer, text: 'c', end: 'eos' }], plain)).toBe(
    'answer 0, 2 tokens, met a stop text, log-probability -0.75\na\ufffdb\n\nanswer 1, 2 tokens, ended by itself, log-probability -0.75\nc',
  )
})

test('shares keep to the borders that sampling has', () => {
  expect([positiveShare('1'), shareBelowOne('0'), amount('2.5')]).toEqual([1, 0, 2.5])
  expect(() => positiveShare('0')).toThrow('not a number over 0, at most 1.')
  expect(() => shareBelowOne('1')).toThrow('not a number from 0, under 1.')
  for (const read of [amount, positiveShare, shareBelowOne]) expect(() => read(' ')).toThrow('not a number')
})

test('a run is listed with its accuracy before and after, and its age', () => {
  const summary: RunSummary = {
    name: 'a',
    directory: 'runs/a',
    state: 'finished',
    step: 2,
    steps: 2,
    updatedAt: '2026-01-01T00:00:00.000Z',
    figures: { accuracy: 0.5, 'evaluation.passAt1': 0.75 },
    before: 0.25,
    problem: undefined,
  }
  const now = Date.parse('2026-01-01T03:30:00.000Z')
  expect(runsTable([summary], now, plain).split('\n')[1]).toMatch(/^a +finished +2\/2 +50\.0 % +25\.0 % -> 75\.0 % +3 h ago$/)
  expect(runsTable([{ ...summary, before: undefined }], now, plain)).not.toContain('->')
  expect([0, 59_999, 60_000, 3_600_000, 48 * 3_600_000].map(age)).toEqual(['just now', 'just now', '1 m ago', '1 h ago', '2 d ago'])
})

test('every figure of a step is told with its meaning', () => {
  const event: StepEvent = {
    v: 1,
    seq: 1,
    timing: { at: '2026-01-01T00:00:00.000Z', session: 1, seconds: { total: 2 } },
    type: 'step',
    step: 12,
    problems: [],
    rollouts: { path: '', bytes: 0, sha256: '' },
    update: {
      objective: { kind: 'likelihood' },
      learningRate: 0.5,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
      maxGradientNorm: 1,
    },
    metrics: { accuracy: 0.5, 'construction.refused.leak': 0, 'construction.refused.no-tags': 2 },
    report: { loss: 1, gradientNorm: 1, tokens: 1, clipShare: 0, kl: 0, entropy: 0, logprobDifference: 0 },
  }
  const lines = figuresTable(event, Infinity, plain).split('\n')
  expect(lines[0]).toBe('figures of step 12')
  expect(lines[1]).toMatch(/^accuracy +0\.5 {2}attempts that are right; share$/)
  expect(lines[2]).toMatch(/^construction\.refused\.no-tags +2 {2}corrections refused: no <reconstruction> in the reply$/)
  expect(figuresTable(event, 60, plain)).toMatch(/ 2 {2}corrections refused:\n {30,}no <reconstruction>\n {30,}in the reply\n/)
  expect(lines.slice(1).every((line) => /\d {2}\S/.test(line))).toBe(true)
})

test('two evaluations are set side by side, with what changed most', () => {
  const side = (directory: string, right: number[], doubtful = 0): Side => {
    const problems = right.map((_, i) => `mini/development/${i}`)
    const evaluation = { name: 'mini/development', samples: 4, problems, right }
    const figures = { accuracy: accuracyOf(evaluation), undecided: wilson(doubtful, 16) }
    return { directory, step: 40, evaluation, ...figures, asked: { kind: 'run', data: '', settings: null } }
  }
  const [before, after] = [side('runs/a', [0, 2, 4, 1]), side('runs/b', [4, 2, 3, 2])]
  const lines = comparisonText(before, after, changeOf(before.evaluation, after.evaluation), plain).split('\n')
  expect(lines[0]).toBe('mini/development  4 problems x 4, the same on both sides; 95 % intervals')
  expect(lines[1]).toMatch(/^runs\/a, step 40 +43\.8 % \[/)
  expect(lines[2]).toMatch(/^runs\/b, step 40 +68\.8 % \[/)
  expect(lines[3]).toMatch(/^difference +\+25\.0 points \[.*\], within chance +p = 0\.750, paired over problems$/) // 6 of 8 sign patterns of 4, -1 and 1 reach 4
  expect(lines.slice(5)).toEqual([
    'problems         2 better, 1 worse, 1 alike',
    'most changed     0 -> 4 of 4  mini/development/0',
    '                 1 -> 2 of 4  mini/development/3',
    '                 4 -> 3 of 4  mini/development/2',
  ])
  const doubtful = comparisonText(
    side('runs/a', [0, 2, 4, 1]),
    side('runs/b', [4, 2, 3, 2], 2),
    changeOf(before.evaluation, after.evaluation),
    plain,
  )
  expect(lines.join('')).not.toContain('undecided')
  expect(doubtful).toMatch(/^runs\/a.* undecided 0\.0 % \[.*\n^runs\/b.* undecided 12\.5 % \[3\.5, 36\.0\]$/m)
})

test('methods are set side by side, each against the reference of its table', () => {
  const grid = gridOf('mini')
  const design = designOf(planOf(grid, grid.base(), 'test'))
  const right = { value: 0.5, low: 0.45, high: 0.55 }
  const figures = { greedy: 0.9, reflectionRate: 0.2, directSolutionRate: 0.8, effectiveReflectionRate: 0.4, directlyRight: 0.4 }
  const difference = { value: 0.1, low: 0.02, high: 0.18 }
  const arms = [
    { arm: 'grpo', what: '', runs: 5, planned: 5, right, figures },
    { arm: 'tapo', what: '', runs: 4, planned: 5, right, figures, difference, p: 0.02, adjusted: 0.04 },
  ]
  const comparisons = [{ title: 'TAPO and GRPO', reference: 'grpo', arms }]
  const [title, ...lines] = resultsText(design, { directory: 'runs/mini', comparisons }, plain).split('\n')
  expect(title).toBe('TAPO and GRPO')
  expect(lines[0]).toMatch(/^method +runs +right, test +greedy +reflecting +DSR +ERR +both +against grpo +p$/)
  expect(lines[1]).toMatch(/^grpo +5 +50\.0 % \[45\.0, 55\.0\] +90\.0 % +20\.0 % +80\.0 % +40\.0 % +40\.0 % +reference$/)
  expect(lines[2]).toMatch(/^tapo +4 of 5 .* \+10\.0 points \[\+2\.0, \+18\.0\] +0\.040$/)
  const empty = [{ title: 'TAPO and GRPO', reference: 'grpo', arms: [] }]
  expect(resultsText(design, { directory: 'runs/mini', comparisons: empty }, plain)).toBe(
    'no run is done yet; the same command goes on in runs/mini',
  )
})

test('a plan on an engine elsewhere tells tokens, time and money', () => {
  const config = parseConfig({
    steps: 10,
    method: { kind: 'grpo' },
    rollout: { problems: 4, maxTokens: 100 },
    evaluation: { everySteps: 0 },
  })
  const engine = { prompt: 10, answer: 50, sample: 100, score: 10, train: 50, price: 36 }
  const budget = budgetOf(config, engine)
  const text = budgetText(config, { budget, engine, found: estimate(budget, engine) }, plain)
  expect(text).toMatch(/^a step +1\.6k, 40, 1\.6k tokens +sampled, read and trained; about 52 s$/m)
  expect(text).toMatch(/^time +about 8 m 40 s$/m)
  expect(text).toMatch(/^cost +about 5 +at 36 an hour$/m)
  expect(text).not.toMatch(/^evaluation/m)
})

test('a grid says how many of its runs were asked for and are done', () => {
  const grid = gridOf('mini')
  const plan = planOf(grid, grid.base(), 'test')
  const line = (wanted: number, left: number): string | undefined =>
    gridIntro(plan, { directory: 'runs/mini', wanted, left, jobs: 2 }, plain).split('\n')[1]
  expect(line(20, 20)).toBe('20 runs of 20 steps, 2 at once, in runs/mini')
  expect(line(5, 2)).toBe('5 of 20 runs of 20 steps, 3 of them done, 2 at once, in runs/mini')
})
