import { expect, test } from 'vitest'
import { parseReflection } from '../../algorithm/reflection.ts'
import { seedOf } from '../../random.ts'
import { type Lesson, lesson } from './lessons.ts'
import { miniTask } from './mini.ts'
import { vocabulary } from './vocabulary.ts'

const difficulty = { fewest: 3, most: 5 }
const lessons = Array.from({ length: 300 }, (_, index) => lesson(seedOf(3), index, difficulty, { reflections: 0.3, replies: 0.3 }))
const task = miniTask()

/** Whether `text` ends with the right answer to the problem that `given` begins with. */
function right(given: string, text: string): boolean {
  const question = given.slice(0, given.indexOf(' ?') + 2)
  const answer = /answer (\d+) \.$/.exec(text)?.[1]
  return answer !== undefined && task.correct!({ id: 'x', question, answer }, text) === undefined
}

test('a lesson is a function of its position, and all three kinds come', () => {
  expect(lesson(seedOf(3), 7, difficulty, { reflections: 0.3, replies: 0.3 })).toEqual(lessons[7])
  expect(new Set(lessons.map(({ kind }) => kind))).toEqual(new Set(['solution', 'reflection', 'reply']))
})

test('every word of every lesson is a token', () => {
  const words = new Set(lessons.flatMap(({ given, learnt }) => `${given} ${learnt}`.split(' ')))
  expect([...words].filter((word) => !vocabulary.includes(word))).toEqual([])
})

test('what is learnt after a plain problem ends in its right answer', () => {
  const whole = ({ given, learnt }: Lesson): string => `${given} ${learnt}`.replace(/^.*? \? /, '')
  for (const each of lessons.filter(({ kind }) => kind !== 'reply')) expect(right(each.given, whole(each))).toBe(true)
})

test('a reply parses; its reconstruction keeps the attempt through an error, says wait, and is right', () => {
  for (const { given, learnt } of lessons.filter(({ kind }) => kind === 'reply')) {
    const reflection = parseReflection(learnt, 'eos')
    if (reflection.kind === 'refused') throw new Error(learnt)
    const reconstruction = reflection.reconstruction.trim()
    const attempt = given.slice(given.indexOf(' attempt ') + 9, given.indexOf(' reference '))
    expect(attempt.startsWith(reconstruction.slice(0, reconstruction.indexOf(' wait ,')))).toBe(true)
    expect(right(given, reconstruction)).toBe(true)
  }
})
