import { expect, test } from 'vitest'
import { add, multiply } from '../../graph/ops.ts'
import { emit, input, scalar } from '../../graph/value.ts'
import { compile } from './session.ts'

test('a session keeps nothing of the shapes that it has seen', async () => {
  const x = input('x', ['n'])
  const parts = Array.from({ length: 600 }, (_, i) => emit('Tanh', [multiply(x, scalar(i))], x.shape))
  const session = await compile({ y: parts.toReversed().reduce((a, b) => add(a, b)) }, { threads: 1 }) // needs all of them at once
  const run = async (from: number, to: number): Promise<number> => {
    for (let n = from; n > to; n--) await session.run({ x: { data: new Float32Array(n), shape: [n] } })
    return process.memoryUsage().rss / 1e6
  }
  const before = await run(2000, 1900) // the largest come first
  expect((await run(1900, 0)) - before).toBeLessThan(30) // MB; a plan of 30 kB for each shape would take 57
  await session.dispose()
})
