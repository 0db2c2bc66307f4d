import { expect, test } from 'vitest'
import type { RolloutRow } from '../store/rollout-rows.ts'
import { lineChart, niceTicks } from './chart.ts'
import type { Report } from './data.ts'
import { reportHtml } from './html.ts'
import { reportMarkdown } from './markdown.ts'
import { settingsOf } from './settings.ts'

const right = { value: 0.5, low: 0.4, high: 0.6 }
const figures = { passAt1: 0.5, passAt2: 0.6, greedy: 0.7, reflectionRate: 0.25, directSolutionRate: 0.8, meanLength: 30.25 }
const cell = (arm: string, learningRate: number): Report['design']['cells'][number] => ({
  name: `${arm}-1`,
  arm,
  seed: 1,
  config: { name: `${arm}-1`, seed: 1, steps: 4, optimizer: { learningRate, warmupSteps: 2 } },
})

const report: Report = {
  design: {
    grid: 'pair',
    what: 'one <thing> against another',
    arms: [
      { name: 'grpo', what: 'without' },
      { name: 'tapo', what: 'with' },
    ],
    comparisons: [{ title: 'Methods', reference: 'grpo', arms: ['tapo'] }],
    split: 'test',
    primary: 'right answers',
    selection: 'none',
    test: 'a permutation',
    cells: [cell('grpo', 0.1), cell('tapo', 0.2)],
  },
  comparisons: [
    {
      title: 'Methods',
      reference: 'grpo',
      arms: [
        { arm: 'grpo', what: 'without', runs: 1, planned: 1, right, figures },
        {
          arm: 'tapo',
          what: 'with',
          runs: 1,
          planned: 2,
          right,
          figures,
          difference: { value: 0.034, low: -0.01, high: 0.08 },
          p: 0.1,
          adjusted: 0.2,
        },
      ],
    },
  ],
  passAtK: [
    {
      name: 'grpo',
      points: [
        { x: 1, y: 0.5 },
        { x: 2, y: 0.6 },
      ],
    },
  ],
  curves: [
    {
      name: 'accuracy',
      meaning: 'attempts that are right',
      unit: 'share',
      arms: [
        {
          name: 'grpo',
          points: [
            { x: 1, y: 0.25 },
            { x: 2, y: 0.5 },
          ],
        },
      ],
    },
    { name: 'kl', meaning: 'none here', unit: 'nats', arms: [{ name: 'grpo', points: [] }] },
  ],
  costs: [{ arm: 'grpo', sampledTokens: 12345.4, trainedTokens: 99, seconds: 60, synthesisShare: 0.25 }],
  trajectories: [
    {
      cell: 'tapo-1',
      step: 3,
      row: { question: 'a < b ?', answer: '5' } as RolloutRow,
      parts: {
        prefix: [{ text: 'two', weight: 1 }],
        diagnosis: [{ text: ' no', weight: 0.1 }],
        correction: [{ text: ' five', weight: 3 }],
      },
    },
  ],
  missing: ['tapo-2'],
}

test('ticks are round and hold both ends', () => {
  expect(niceTicks(0.31, 0.77)).toEqual([0.2, 0.4, 0.6, 0.8])
  expect(niceTicks(0, 100)).toEqual([0, 50, 100])
  expect(niceTicks(5, 5).length).toBeGreaterThan(2)
})

test('a chart has a line for each series and a band where runs differ', () => {
  const points = [
    { x: 0, y: 0 },
    { x: 10, y: 100, low: 50, high: 100 },
  ]
  const svg = lineChart(
    [
      { name: 'a', points },
      { name: 'none', points: [] },
      { name: 'c', points: [{ x: 5, y: 50 }] },
    ],
    { title: 'a & b', x: 'step' },
  )
  expect(svg).toContain('>a &amp; b</text>')
  expect(svg).toContain('<polyline class="line s0" points="46.0,166.0 310.0,24.0"/>') // the corners of the drawing
  expect(svg).toContain('<polygon class="band s0" points="46.0,166.0 310.0,24.0 310.0,95.0 46.0,166.0"/>')
  expect(svg).toContain('<circle class="line s2" r="2" cx="178" cy="95"/>')
  expect(svg).not.toContain('s1"')
  expect(lineChart([{ name: 'a', points: [] }], { title: '', x: '' })).toBe('')
})

test('settings are told once, and of the other methods what they change', () => {
  expect(settingsOf(report.design)).toEqual([
    { title: 'Every run, as grpo has it', text: 'steps: 4\noptimizer:\n  learningRate: 0.1\n  warmupSteps: 2' },
    { title: 'What tapo changes', text: 'optimizer:\n  learningRate: 0.2' },
  ])
})

test('the page needs nothing from outside, and leaves out what there is no figure of', () => {
  const html = reportHtml(report)
  expect(html).not.toMatch(/<script|https?:|@import|url\(/)
  expect(html).toContain('one &lt;thing&gt; against another')
  expect(html).toContain('<p class="warning">Not done: tapo-2.</p>')
  expect(html.match(/<figure>/g)).toHaveLength(2) // pass@k and accuracy; nothing is known of kl
  expect(html).toContain('<p>a &lt; b ?</p>')
  expect(html).toContain('<span style="opacity:0.40" title="weight 0.10"> no</span>')
})

test('tables say the same in Markdown', () => {
  const text = reportMarkdown(report)
  expect(text).toContain('| method | runs | Pass@1 | 95 % | Pass@2 | greedy | against grpo | 95 % | p | p, Holm |\n| --- | ---: |')
  expect(text).toContain('| tapo | 1 of 2 | 50.0 | [40.0, 60.0] | 60.0 | 70.0 | +3.4 | [-1.0, +8.0] | 0.100 | 0.200 |')
  expect(text).toContain('| grpo | 25.0 | 80.0 |  |  | 30.3 |  |') // no ERR in the figures
  expect(text).toContain('| grpo | 12,345 | 99 | 60 | 25.0 |')
  expect(text).toContain('| Pass@1 | OPSD | 57.71 |  | 24.17 |') // published, without a figure for AIME 2025
  expect(text).toContain('> kept prefix: two\n>\n> diagnosis: no\n>\n> correction: five')
})
