import { expect, test } from 'vitest'
import { parseConfig } from '../../config/parse.ts'
import { changeOf } from '../../evaluation/records.ts'
import { pickSpecimen, type TrajectoryParts, trajectoryParts } from '../../report/specimen.ts'
import { constructions, examples, groups } from '../../store/fixtures/step.ts'
import { rolloutRows, type RolloutRow } from '../../store/rollout-rows.ts'
import type { CheckpointEvent, EvaluationEvent, RunEvent, StepEvent } from '../../store/events.ts'
import type { GroupRecord } from '../../store/reader.ts'
import { configTable } from './config.ts'
import { duration, excerpt, figure, megabytes, percent, percentInterval, printable, short, stepSize } from './format.ts'
import { groupText } from './group.ts'
import { groupsTable } from './groups.ts'
import { introText } from './intro.ts'
import { coloured, padded, plain, widthOf } from './paint.ts'
import { checkpointLine, evaluationLine, phaseLine, secondsLeft, stepLine } from './progress.ts'
import { reportText } from './report.ts'
import { table } from './table.ts'
import { shadeLegend, trajectoryText } from './trajectory.ts'
import { labelled, wrapPieces, wrapText } from './wrap.ts'

const at = '2026-01-01T00:00:00.000Z'
const header = { v: 1, seq: 1, timing: { at, session: 1, seconds: { total: 2 } } } as const
const update = {
  objective: { kind: 'likelihood' },
  learningRate: 1,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradientNorm: 1,
} as const
const step = (changes: Partial<StepEvent> = {}): StepEvent => ({
  ...header,
  type: 'step',
  step: 12,
  problems: ['sum/1'],
  rollouts: { path: '', bytes: 0, sha256: '' },
  update,
  metrics: {
    accuracy: 0.4123,
    'group.eligible': 0.3125,
    'construction.attempted': 18,
    'construction.parseRate': 14 / 18,
    'weight.mean': 0.834,
    sampledTokens: 8400,
  },
  ...changes,
})
const evaluation = (after: number, right: readonly number[]): EvaluationEvent => ({
  ...header,
  type: 'evaluation',
  step: after,
  name: 'mini/development',
  samples: 4,
  problems: right.map((_, i) => `mini/${i}`),
  right,
  figures: { passAt1: 0.5, passAt1Low: 0.4, passAt1High: 0.6, greedy: 0.75 },
})

/** Words as in the fixture: one token each. */
const tokenizer = {
  decode: (tokens: ArrayLike<number>) =>
    Array.from(tokens)
      .filter((token) => token !== 9)
      .map((token) => `w${token}`)
      .join(' '),
  ends: (tokens: ArrayLike<number>) => Int32Array.from(tokens, (_, t) => tokenizer.decode(Array.from(tokens).slice(0, t + 1)).length),
}
const rows = rolloutRows(groups, { constructions, examples })
const built = rows.find((row) => row.kind === 'construction' && row.refusal === undefined) as RolloutRow
const group: GroupRecord = {
  position: 0,
  problem: { id: 'sum/1', question: '2+3=?', answer: '5' },
  attempts: rows.filter((row) => row.kind === 'rollout'),
  constructions: rows.filter((row) => row.kind === 'construction'),
  negatives: rows.filter((row) => row.kind === 'source'),
  demonstrations: [],
}

test('numbers are short and have their units', () => {
  expect([870, 4240, 99_960, 1_300_000].map(short)).toEqual(['870', '4.2k', '100k', '1.3M'])
  expect([0.83, 9.96, 42, 65, 3600 * 3 + 61].map(duration)).toEqual(['0.8 s', '10 s', '42 s', '1 m 05 s', '3 h 01 m'])
  expect([850, 2430].map(megabytes)).toEqual(['850 MB', '2.4 GB'])
  expect([0, 12, 0.12345, 1.5e-5].map(figure)).toEqual(['0', '12', '0.123', '1.5e-5'])
  expect(percentInterval({ value: 0.4312, low: 0.41, high: 0.452 })).toBe('43.1 % [41.0, 45.2]')
  expect(percent(0.5, 0)).toBe('50 %')
})

test('a model cannot steer the terminal', () => {
  const escape = String.fromCharCode(27)
  expect(printable(`a${escape}[2Jb\n\tc\r`)).toBe('a\ufffd[2Jb\n  c\ufffd')
  expect(excerpt('one\n two   three', 9)).toBe('one tw...')
})

test('a step is a line', () => {
  expect(stepLine(step(), { steps: 40, left: 42, width: Infinity }, plain)).toBe(
    'step 12/40  accuracy 41.2 %  eligible 31 %  built 14/18  weight 0.83  4.2k tok/s  2.0 s  42 s left',
  )
  const likelihood = step({ metrics: { 'trained.demonstration': 64 }, report: { ...report, tokens: 4000, loss: 1.2345 } })
  expect(stepLine(likelihood, { steps: 40, left: 42, width: 80 }, plain)).toBe(
    'step 12/40  loss 1.234  demonstrations 64  2.0k tok/s  2.0 s  42 s left',
  )
})

test('a step is one line in a narrow terminal too, and says what matters', () => {
  const narrow = (width: number, paint = plain): string => stepLine(step({ step: 100 }), { steps: 500, left: 335, width }, paint)
  expect(narrow(99)).toBe('step 100/500  accuracy 41.2 %  eligible 31 %  built 14/18  weight 0.83  4.2k tok/s  5 m 35 s left')
  expect(narrow(80)).toBe('100/500  acc 41 %  elig 31 %  built 14/18  w 0.83  4.2k tok/s  5 m 35 s left')
  expect(widthOf(narrow(80, coloured))).toBeLessThanOrEqual(80)
  expect(evaluationLine(evaluation(20, [1, 2]), 60, plain)).toBe('after step 20  50.0 % right [40.0, 60.0]  greedy 75.0 %')
})

const report = { loss: 1, gradientNorm: 1, tokens: 1, clipShare: 0, kl: 0, entropy: 0, logprobDifference: 0 }

test('evaluations, checkpoints and phases are lines', () => {
  expect(evaluationLine(evaluation(20, [1, 2]), 80, plain)).toBe('after step 20  50.0 % right [40.0, 60.0]  greedy 75.0 %  2 problems x 4')
  expect(phaseLine({ type: 'phase', phase: 'update', step: 3 }, { steps: 40, seconds: 1.2 }, plain)).toBe('step  3/40  learning ...  1.2 s')
  const checkpoint: CheckpointEvent = { ...header, type: 'checkpoint', step: 20, directory: 'checkpoints/step-000020', files: [] }
  expect(checkpointLine(checkpoint, plain)).toBe('saved checkpoints/step-000020')
})

test('the time that is left counts steps and evaluations', () => {
  const events: RunEvent[] = [evaluation(0, [1]), step({ step: 1 }), step({ step: 2 })]
  expect(secondsLeft(events, { steps: 10, everySteps: 5 })).toBe(8 * 2 + 2 * 2)
  expect(secondsLeft(events, { steps: 10, everySteps: 0 })).toBe(16)
})

test('lines break between words, and colour takes no room', () => {
  expect(wrapText('one two three', 8)).toEqual(['one two', 'three'])
  expect(wrapText('one\ntwo', 80)).toEqual(['one', 'two'])
  expect(wrapText('unbreakable', 4)).toEqual(['unbreakable'])
  const pieces = [{ text: 'one', style: 'red' }, { text: ' t' }, { text: 'wo', style: 'green' }, { text: ' three' }] as const
  expect(wrapPieces(pieces, 8, plain).map((line) => line.trimEnd())).toEqual(['one two', 'three'])
  expect(wrapPieces(pieces, 8, coloured).map((line) => widthOf(line.trimEnd()))).toEqual([7, 5])
  expect(labelled('a', ['b', 'c'], 3)).toBe('a  b\n   c')
  expect(widthOf(padded(coloured('red', 'ab'), 4, 'right'))).toBe(4)
})

test('columns line up', () => {
  const columns = [{ title: 'name' }, { title: 'n', align: 'right' }] as const
  expect(
    table(
      columns,
      [
        ['a', '10'],
        ['long', '9'],
      ],
      plain,
    ),
  ).toBe('name   n\na     10\nlong   9')
})

test('a trajectory falls into its three parts by token', () => {
  const { prefix, diagnosis, correction } = trajectoryParts(built, tokenizer) as TrajectoryParts
  expect([prefix, diagnosis, correction].map((part) => part.map(({ text }) => text))).toEqual([['w6', ' w7'], [' w4'], [' w5', '']])
  expect(trajectoryParts(rows.find((row) => row.refusal !== undefined) as RolloutRow, tokenizer)).toBeUndefined()
})

test('parts have colours, weights have shades, and without colour the mean weight is said', () => {
  const parts = trajectoryParts(built, tokenizer) as TrajectoryParts
  expect(trajectoryText(parts, 80, plain)).toBe('kept prefix  1.00   w6 w7\ndiagnosis    0.01   w4\ncorrection   5.25   w5')
  const marks = (text: string): string => text.replaceAll(new RegExp(String.fromCharCode(27), 'g'), '')
  const painted = marks(trajectoryText(parts, 80, coloured))
  expect(painted).toContain('[96mw6[39m') // bright cyan: weight 1
  expect(painted).toContain('[33m[2mw4[22m[39m') // dim yellow: weight 0.01
  expect(painted).toContain('[92m[1mw5[22m[39m') // bold bright green: weight 10
  expect(shadeLegend(100, plain)).toBe('each token as bright as its suppression weight: under 0.1, under 0.5, about 1, over 1.5')
})

const view = { step: 7, zone: { minRight: 2, minWrong: 4 }, tokenizer, width: 80, paint: plain }

test('a group shows every attempt and construction, and why some were refused', () => {
  const text = groupText(group, view)
  expect(text).toContain('sum/1  step 7\n  2+3=?\ngold answer 5\n')
  expect(text).toContain('attempt 0  right, answer 5  2 tokens, advantage per token 0.5\n  5\n')
  expect(text).toContain('attempt 1  wrong, no answer  met the token limit  3 tokens, advantage per token -0.5')
  expect(text).toContain(
    'construction 0  refused: no <reconstruction> in the reply (no-tags)\n  from attempt 1, guided by attempt 0; the reply:\n',
  )
  expect(text).toContain(
    'construction 1  right, answer 5  5 tokens, advantage per token up to 10\n  from attempt 1, guided by attempt 0\nanalysis',
  )
  expect(text).toContain('analysis            the second step is wrong')
  expect(text).toContain('diagnosis    0.01   w4')
  expect(text).toContain('negative  attempt 1 again, compared with the constructions  3 tokens, advantage per token up to -1')
  expect(text).not.toContain('no corrections')
  expect(groupText(group, { ...view, tokenizer: undefined })).toContain('  6745')
  expect(groupsTable([group], 80, plain)).toBe(
    'problem  right  built  built right\nsum/1      1/2    1/2            1  2+3=?\n' +
      'right: attempts that are right; built: corrections that nothing refused, of\nthose tried; built right: those of them that are right',
  )
})

test('what could not be judged is called undecided, not wrong', () => {
  const doubtful = group.attempts.map((row) => (row.reward === 0 ? { ...row, undecided: true, answer: 'x^2' } : row))
  const shown = { ...group, attempts: doubtful, constructions: [], negatives: [] }
  const text = groupText(shown, view)
  expect(text).toContain('attempt 1  undecided, answer x^2  met the token limit')
  expect(text).toContain('no corrections: 1 right and 0 wrong attempts, 1 undecided, they are tried from 2 right and 4 wrong on')
  const constructed = { ...group, constructions: [{ ...built, undecided: true }] }
  expect(groupText(constructed, view)).toContain('construction 1  undecided, answer 5')
  expect(groupsTable([shown], 80, plain).split('\n').slice(0, 2)).toEqual(['problem  right  undecided', 'sum/1      1/2          1  2+3=?'])
  const figures = { passAt1: 0.5, passAt1Low: 0.4, passAt1High: 0.6, undecidedShare: 0.125 }
  expect(evaluationLine({ ...evaluation(20, [1, 2]), figures }, 80, plain)).toBe(
    'after step 20  50.0 % right [40.0, 60.0]  undecided 12.5 %  2 problems x 4',
  )
})

test('a group outside of the zone says why nothing was corrected', () => {
  const plainGroup = { ...group, constructions: [], negatives: [] }
  expect(groupText(plainGroup, view)).toContain('no corrections: 1 right and 1 wrong attempts, they are tried from 2 right and 4 wrong on')
  expect(groupText(plainGroup, { ...view, zone: undefined })).not.toContain('corrections')
})

test('demonstrations are shown where there are no attempts', () => {
  const demonstration: RolloutRow = { ...(rows[0] as RolloutRow), kind: 'demonstration', exampleId: 'sum/1 solution' }
  const shown: GroupRecord = { ...group, attempts: [], constructions: [], negatives: [], demonstrations: [demonstration] }
  expect(groupText(shown, { ...view, zone: undefined })).toContain('gold answer 5\n\ndemonstration, solution  2 tokens\n  w5')
  expect(groupsTable([shown], 80, plain).split('\n').slice(0, 2)).toEqual(['problem  to learn', 'sum/1           1  2+3=?'])
})

test('the report says before and after, shows a trajectory, and what to do next', () => {
  const specimen = { step: 7, row: built, parts: trajectoryParts(built, tokenizer) as TrajectoryParts }
  const next = [{ command: 'tapo runs', what: 'the runs' }]
  const evaluations = [evaluation(0, [1, 1, 1, 1]), evaluation(40, [3, 3, 3, 3])]
  const text = reportText({ directory: 'runs/a', evaluations, specimen, next }, 80, plain)
  expect(text).toContain('before  25.0 % [10.2, 49.5]')
  expect(text).toContain('after   75.0 % [50.5, 89.8]')
  expect(text).toContain('change  +50.0 points [+50.0, +50.0]\n')
  expect(text).toContain('was trained on in step 7')
  expect(text).toContain('tapo runs\n  the runs')
  expect(text).toContain('\nruns/a\n')
  const none = reportText({ directory: 'runs/a', evaluations: [], specimen: undefined, next }, 80, plain)
  expect(none.startsWith('The run')).toBe(true)
})

test('a change that could be chance is called so', () => {
  const evaluations = [evaluation(0, [1, 3, 2, 2]), evaluation(40, [3, 1, 2, 3])]
  expect(changeOf(evaluations[0] as EvaluationEvent, evaluations[1] as EvaluationEvent).difference.value).toBe(1 / 16)
  expect(reportText({ directory: 'a', evaluations, specimen: undefined, next: [] }, 80, plain)).toContain('within chance')
})

test('the trajectory that is shown was trained on, is right and has all three parts', () => {
  expect(pickSpecimen(rows)).toBe(built)
  expect(pickSpecimen(rows.map((row) => ({ ...row, advantages: undefined })))).toBeUndefined()
  expect(pickSpecimen([{ ...built, reward: 0 }])).toBeUndefined()
  expect(pickSpecimen([{ ...built, diagnosisLength: 0 }])).toBeUndefined()
  expect(pickSpecimen([])).toBeUndefined()
  const longer = { ...built, tokens: Int32Array.of(...built.tokens, 9) }
  expect(pickSpecimen([built, longer])).toBe(built)
  expect(pickSpecimen([built, longer], (row) => (row === longer ? 1 : 0))).toBe(longer)
})

test('a changed key is marked and its default told', () => {
  const key = { path: 'steps', variant: undefined, meaning: 'updates', mark: 'P', default: 500 }
  const lines = configTable(
    [
      { ...key, value: 40 },
      { ...key, path: 'more', value: 500 },
    ],
    plain,
  ).split('\n')
  expect(lines[1]).toBe('steps  40 *   [P]  updates; default 500')
  expect(lines[2]).toBe('more   500    [P]  updates')
})

test('a run is introduced with what it is and where', () => {
  const text = introText(
    { config: parseConfig({ name: 'quick', model: { path: 'starter' } }), directory: 'runs/quick', stepsDone: 7 },
    { width: 80, paint: plain },
  )
  expect(text).toContain('quick  starter on mini, 500 steps of 32 problems x 8 attempts, seed 1, in runs/quick, resumed after step 7')
  const asItIs = introText({ config: parseConfig({ steps: 0 }), directory: 'runs/start' }, { width: 80, paint: plain })
  expect(asItIs).toContain('No step: the model is saved and evaluated as it is.')
  expect([0, 1, 8].map((groupSize) => stepSize({ problems: 4, groupSize }))).toEqual([
    '4 problems',
    '4 problems x 1 attempt',
    '4 problems x 8 attempts',
  ])
})
