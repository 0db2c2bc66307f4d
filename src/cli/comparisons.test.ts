/** Commands that set runs side by side, as a person types them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { compiledProgram, small } from './fixtures/program.ts'

vi.setConfig({ testTimeout: 180_000 }) // many processes, on a machine that may be busy

const { folder, model, tapo, train, dispose } = await compiledProgram()
afterAll(() => dispose())

test('a grid is run, its methods set side by side, and what is done is not done again', () => {
  expect(tapo('experiment').out).toMatch(/^grid +runs +what it compares\nmini +20 /)
  const words = ['experiment', 'mini', '--model', model, '--steps', '1', '--seeds', '1', ...small, '--set', 'evaluation.everySteps=0']
  const first = tapo(...words)
  expect([first.code, first.err.includes('2 runs of 1 steps, '), /grpo-1 .*% \[/.test(first.err)]).toEqual([0, true, true])
  expect(first.out).toMatch(/\nmethod .*\ngrpo +1 .*reference\ntapo +1 .* points /)
  const again = tapo(...words, '--json')
  expect(JSON.parse(again.out)).toMatchObject({
    directory: 'runs/mini-grid',
    failed: [],
    comparisons: [{ reference: 'grpo', arms: [{ arm: 'grpo' }, { arm: 'tapo', p: 1 }] }],
  })
  expect(tapo(...words, '--set', 'optimizer.learningRate=1').err).toContain('design.json: was written for other runs than these')
  expect(tapo('report', 'runs/mini-grid', '--out', 'found').out).toMatch(/\nfound\/report\.html\nfound\/report\.md\nfound\/report\.json\n$/)
  expect(readFileSync(join(folder, 'found', 'report.html'), 'utf8')).not.toMatch(/<script|https?:/)
  expect(readFileSync(join(folder, 'found', 'report.md'), 'utf8')).toMatch(/\n\| tapo \| 1 \| 0\.0 \| \[0\.0, 0\.0\] \|/)
  expect(tapo('report', 'runs').err).toContain('runs: no grid here, design.json is missing')
  expect(tapo('experiment', 'mini', '--json', '--seeds', '0').code).toBe(2)
})

test('two evaluations are compared where they asked the same, and refused where they did not', () => {
  for (const words of [
    ['one'],
    ['two', '--seed', '2'],
    ['hot', '--set', 'rollout.temperature=2'],
    ['blind', '--set', 'evaluation.everySteps=0'],
  ])
    expect(train('--out', ...words).code).toBe(0)
  const { code, out } = tapo('compare', 'one', 'two')
  expect([code, out.startsWith('mini/development  3 problems x 2'), out.includes('\ntwo, step 2')]).toEqual([0, true, true])
  expect(JSON.parse(tapo('compare', 'one', '--json').out)).toMatchObject({ problems: 3, before: { step: 0 }, after: { step: 2 }, p: 1 })
  const refused = tapo('compare', 'one', 'hot')
  expect([refused.code, refused.err.includes('not comparable, they differ in rollout.temperature, 1, 2;')]).toEqual([2, true])
  expect(tapo('compare', 'one', 'blind').err).toContain('blind: was never evaluated')
})
