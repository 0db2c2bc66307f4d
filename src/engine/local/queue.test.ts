import { expect, test } from 'vitest'
import { Queue } from './queue.ts'

test('each bin is taken once, in order, whoever asks', () => {
  const queue = new Queue()
  const [one, two] = [queue.taken('abc'.split('')), new Queue(queue.memory).taken('abc'.split(''))]
  expect([one.next().value, two.next().value, two.next().value, one.next().done, two.next().done]).toEqual([
    [0, 'a'],
    [1, 'b'],
    [2, 'c'],
    true,
    true,
  ])
})

test('work is done in the order of the bins, however late the first one is', async () => {
  const queue = new Queue()
  const done: number[] = []
  const work = async (of: Queue, bin: number): Promise<boolean> => {
    const isMine = await of.turn(bin)
    done.push(bin)
    of.added(bin)
    return isMine
  }
  const later = [2, 1].map((bin) => work(new Queue(queue.memory), bin))
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(done).toEqual([])
  expect(await queue.turn(0)).toBe(true)
  expect(await queue.turn(0)).toBe(true) // until it was added
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(done).toEqual([])
  queue.added(0)
  expect(await Promise.all(later)).toEqual([true, true])
  expect(done).toEqual([1, 2])
})

test('who waits for a bin that nobody is going to add is told so', async () => {
  const queue = new Queue()
  const waiting = queue.turn(1)
  queue.break()
  expect([await waiting, await queue.turn(0)]).toEqual([false, false])
})

test('a queue that breaks while a bin is added stays broken', async () => {
  const queue = new Queue()
  expect(await queue.turn(0)).toBe(true)
  queue.break()
  queue.added(0)
  expect(await queue.turn(1)).toBe(false)
})
