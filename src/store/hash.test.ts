import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ProblemSet } from '../tasks/task.ts'
import { newFolder } from './fixtures/folders.ts'
import { hashFolder, hashJson, hashProblems } from './hash.ts'

test('the order of keys does not change a hash, any value does', () => {
  expect(hashJson({ a: 1, b: [true, null, 'x'] })).toBe(hashJson({ b: [true, null, 'x'], a: 1 }))
  expect(hashJson({ a: 1 })).not.toBe(hashJson({ a: 1.5 }))
  expect(hashJson([1, 2])).not.toBe(hashJson([2, 1]))
  expect(hashJson({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a') // sha256 of '{}'
})

test('problems are told apart by size and content', () => {
  const set = (size: number, answer: string): ProblemSet => ({ size, at: (index) => ({ id: String(index), question: '?', answer }) })
  expect(hashProblems(set(3, 'a'))).toBe(hashProblems(set(3, 'a')))
  expect(hashProblems(set(3, 'a'))).not.toBe(hashProblems(set(4, 'a')))
  expect(hashProblems(set(3, 'a'))).not.toBe(hashProblems(set(3, 'b')))
  expect(hashProblems(set(2 ** 40, 'a'), 8)).not.toBe(hashProblems(set(2 ** 40, 'b'), 8))
})

test('a folder is told by the names and contents of its files, not by where it lies', async () => {
  const [a, b] = [newFolder(), newFolder()]
  for (const folder of [a, b]) {
    mkdirSync(join(folder, 'deep'), { recursive: true })
    writeFileSync(join(folder, 'deep', 'weights'), 'w')
  }
  expect(await hashFolder(a)).toBe(await hashFolder(`${b}/`))
  writeFileSync(join(b, 'deep', 'weights'), 'v')
  expect(await hashFolder(a)).not.toBe(await hashFolder(b))
})
