import { expect, test } from 'vitest'
import { parseReflection } from '../../algorithm/reflection.ts'
import { seedOf } from '../../random.ts'
import { lesson } from './lessons.ts'
import { miniTask } from './mini.ts'
import { vocabulary } from './vocabulary.ts'

const difficulty = { fewest: 3, most: 5 }
const student = { slips: 0.3, doubtsWrong: 0.4, doubtsRight: 0.1, repairs: 0.6 }
const mixture = { student, replies: 0.3, guided: 0.1, drills: 0.2 }
const lessons = Array.from({ length: 400 }, (_, index) => lesson(seedOf(3), index, difficulty, mixture))
const task = miniTask()

/** Whether `text` ends with the right answer to the problem that `given` begins with. */
function right(given: string, text: string): boolean {
  const question = given.slice(0, given.indexOf(' ?') + 2)
  const answer = /answer (\d+) \.$/.exec(text)?.[1]
  return answer !== undefined && task.correct!({ id: 'x', question, answer }, text) === undefined
}

/** Every number of `text` that follows a name, with that name. */
function pairsOf(text: string): string[] {
  return [...text.matchAll(/[a-z]+ \d+/g)].map(([pair]) => pair)
}

test('a lesson is a function of its position', () => {
  expect(lesson(seedOf(3), 7, difficulty, mixture)).toEqual(lessons[7])
})

test('each kind of lesson comes in the share asked for, and attempts are the rest', () => {
  for (const [kind, share] of [
    ['reply', 0.3],
    ['drill', 0.2],
    ['guided', 0.1],
    ['attempt', 0.4],
  ] as const) {
    expect(lessons.filter((each) => each.kind === kind).length / lessons.length).toBeCloseTo(share, 1) // within 0.05, 2 standard errors of 400 draws
  }
})

test('what is learnt of a drill gives each name the number that it was given with', () => {
  const drills = lessons.filter(({ kind }) => kind === 'drill')
  for (const { given, learnt } of drills) expect(new Set(pairsOf(learnt))).toEqual(new Set(pairsOf(given)))
})

test('every word of every lesson is a token', () => {
  const words = new Set(lessons.flatMap(({ given, learnt }) => `${given} ${learnt}`.split(' ')))
  expect([...words].filter((word) => !vocabulary.includes(word))).toEqual([])
})

test('attempts are right and wrong, with doubts and without', () => {
  const attempts = lessons.filter(({ kind }) => kind === 'attempt')
  for (const isRight of [true, false])
    for (const doubts of [true, false])
      expect(attempts.some(({ given, learnt }) => right(given, learnt) === isRight && learnt.includes(' wait , ') === doubts)).toBe(true)
})

test('beside a right attempt stands the solution', () => {
  for (const { given, learnt } of lessons.filter(({ kind }) => kind === 'guided')) {
    const [question = '', reference = ''] = given.split(' reference ')
    const answer = learnt.slice(learnt.indexOf(' answer '))
    expect([reference.endsWith(answer), right(question, learnt), learnt.includes('wait')]).toEqual([true, true, false])
  }
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
