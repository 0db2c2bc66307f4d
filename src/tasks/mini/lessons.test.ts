import { expect, test } from 'vitest'
import { parseReflection } from '../../algorithm/reflection.ts'
import { seedOf } from '../../random.ts'
import { type Lesson, lesson } from './lessons.ts'
import { miniTask } from './mini.ts'
import { vocabulary } from './vocabulary.ts'

const difficulty = { fewest: 3, most: 5 }
const mixture = { reflections: 0.3, replies: 0.3, drills: 0.2 }
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
  const share = (wanted: Lesson['kind']): number => lessons.filter(({ kind }) => kind === wanted).length / lessons.length
  const wanted = { reflection: 0.3, reply: 0.3, drill: 0.2, solution: 0.2 } as const
  for (const kind of ['reflection', 'reply', 'drill', 'solution'] as const) {
    expect(share(kind)).toBeCloseTo(wanted[kind], 1) // within 0.05, twice the standard error of 400 draws
  }
  const onlyDrills = { reflections: 0, replies: 0, drills: 1 }
  expect(lesson(seedOf(3), 0, difficulty, onlyDrills).kind).toBe('drill')
  expect(lesson(seedOf(3), 0, difficulty, { ...onlyDrills, drills: 0 }).kind).toBe('solution')
})

test('what is learnt of a drill gives each name the number that it was given with', () => {
  const drills = lessons.filter(({ kind }) => kind === 'drill')
  for (const { given, learnt } of drills) expect(new Set(pairsOf(learnt))).toEqual(new Set(pairsOf(given)))
})

test('every word of every lesson is a token', () => {
  const words = new Set(lessons.flatMap(({ given, learnt }) => `${given} ${learnt}`.split(' ')))
  expect([...words].filter((word) => !vocabulary.includes(word))).toEqual([])
})

test('what is learnt after a plain problem ends in its right answer', () => {
  const whole = ({ given, learnt }: Lesson): string => `${given} ${learnt}`.replace(/^.*? \? /, '')
  for (const each of lessons.filter(({ kind }) => kind === 'solution' || kind === 'reflection'))
    expect(right(each.given, whole(each))).toBe(true)
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
