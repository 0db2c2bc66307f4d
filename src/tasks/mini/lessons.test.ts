import { expect, test } from 'vitest'
import { parseReflection } from '../../algorithm/reflection.ts'
import { seedOf } from '../../random.ts'
import { lesson } from './lessons.ts'
import { miniTask } from './mini.ts'
import { vocabulary } from './vocabulary.ts'

const difficulty = { fewest: 3, most: 5 }
const mixture = { slips: 0.2, reflections: 0.2, replies: 0.2, drills: 0.2 }
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

test('each kind of lesson comes in the share asked for, and solutions are the rest', () => {
  for (const wanted of ['solution', 'slip', 'reflection', 'reply', 'drill'] as const) {
    const share = lessons.filter(({ kind }) => kind === wanted).length / lessons.length
    expect(share).toBeCloseTo(0.2, 1) // within 0.05, 2.5 times the standard error of 400 draws
  }
  const none = { slips: 0, reflections: 0, replies: 0, drills: 0 }
  for (const [name, kind] of [
    ['slips', 'slip'],
    ['reflections', 'reflection'],
    ['replies', 'reply'],
    ['drills', 'drill'],
  ] as const) {
    expect(lesson(seedOf(3), 0, difficulty, { ...none, [name]: 1 }).kind).toBe(kind)
  }
  expect(lesson(seedOf(3), 0, difficulty, none).kind).toBe('solution')
})

test('what is learnt of a drill gives each name the number that it was given with', () => {
  const drills = lessons.filter(({ kind }) => kind === 'drill')
  for (const { given, learnt } of drills) expect(new Set(pairsOf(learnt))).toEqual(new Set(pairsOf(given)))
})

test('every word of every lesson is a token', () => {
  const words = new Set(lessons.flatMap(({ given, learnt }) => `${given} ${learnt}`.split(' ')))
  expect([...words].filter((word) => !vocabulary.includes(word))).toEqual([])
})

test('after a plain problem, solutions and reflections end in its right answer, and reflections alone say wait', () => {
  for (const { kind, given, learnt } of lessons.filter((each) => ['solution', 'slip', 'reflection'].includes(each.kind))) {
    if (kind !== 'slip') expect(right(given, learnt)).toBe(true)
    expect(learnt.includes(' wait , ')).toBe(kind === 'reflection')
  }
})

test('a slip has an error, which the task finds', () => {
  for (const { given, learnt } of lessons.filter(({ kind }) => kind === 'slip')) {
    expect(task.correct!({ id: 'x', question: given, answer: '' }, learnt)?.diagnosis).toMatch(/^wait , .* is not .* \.$/)
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
