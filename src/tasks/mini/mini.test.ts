import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fold, seedOf } from '../../random.ts'
import { loadTokenizer } from '../../text/load-tokenizer.ts'
import type { Problem } from '../../types.ts'
import { splitOf } from './generate.ts'
import { correct, miniTask } from './mini.ts'
import { studentAttempt } from './student.ts'
import { tokenizerFiles, vocabulary } from './vocabulary.ts'
import { parseQuestion, question, solution } from './world.ts'

const task = miniTask()
const problem: Problem = {
  id: 'hand-made',
  question: 'rings is 2 . gems is rings plus 5 . jars is gems minus rings . jars ?',
  answer: '5',
  solution: 'rings 2 . gems is rings 2 plus 5 , gems 7 . jars is gems 7 minus rings 2 , jars 5 . answer 5 .',
}
const index = fc.integer({ min: 0, max: 99_999 })

test('a question and its solution read as in the hand-made one', () => {
  const world = parseQuestion(problem.question)!
  expect(question(world)).toBe(problem.question)
  expect(solution(world)).toBe(problem.solution)
})

test('the example in the README is what this world writes', () => {
  const world = parseQuestion('gems is 10 . lamps is gems plus 6 . jars is lamps minus 4 . jars ?')!
  const attempt = 'gems 10 . lamps is gems 10 plus 6 , lamps 17 . jars is lamps 17 minus 4 , jars 13 . answer 13 .'
  const found = correct(world, attempt)!
  expect(solution(world)).toBe('gems 10 . lamps is gems 10 plus 6 , lamps 16 . jars is lamps 16 minus 4 , jars 12 . answer 12 .')
  expect(attempt.slice(0, found.keep)).toBe('gems 10 . lamps is gems 10 plus 6 , lamps 17 .')
  expect(found.diagnosis).toBe('wait , lamps is not 17 .')
  expect(found.correction).toBe('lamps is gems 10 plus 6 , lamps 16 . jars is lamps 16 minus 4 , jars 12 . answer 12 .')
  const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8')
  for (const text of [question(world), attempt, found.diagnosis, found.correction]) expect(readme).toContain(text)
})

test('every generated solution is right, short enough, and without an error', () => {
  fc.assert(
    fc.property(index, (at) => {
      const made = task.problems('train').at(at)
      expect(task.verify(made, made.solution!)).toEqual({ reward: 1, answer: made.answer })
      expect(task.correct!(made, made.solution!)).toBeUndefined()
      expect(made.question.split(' ').length).toBeLessThanOrEqual(60)
      expect(made.solution!.split(' ').length).toBeLessThanOrEqual(61) // 3 for a given number, 5 times 11, 3 for the answer
    }),
  )
})

test('a problem is a function of seed, split and index', () => {
  expect(miniTask().problems('test').at(7)).toEqual(task.problems('test').at(7))
  expect(miniTask({ seed: 2 }).problems('test').at(7)).not.toEqual(task.problems('test').at(7))
})

test('a world belongs to one split, whatever its quantities are called', () => {
  const renamed = problem.question.replaceAll('rings', 'cups').replaceAll('gems', 'rings')
  expect(splitOf(parseQuestion(renamed)!)).toBe(splitOf(parseQuestion(problem.question)!))
  for (const split of ['train', 'development', 'test'] as const)
    expect(splitOf(parseQuestion(task.problems(split).at(3).question)!)).toBe(split)
})

test('only a text that ends with the answer is right', () => {
  const reward = (text: string): number => task.verify(problem, text).reward
  expect(reward('answer 5 .')).toBe(1)
  expect(reward('answer 4 . wait , answer is not 4 . answer 5 .')).toBe(1)
  expect([reward('answer 4 .'), reward('answer 5'), reward('answer 5 . answer 6 .'), reward(''), reward('answer 15 .')]).toEqual([
    0, 0, 0, 0, 0,
  ])
})

test('a wrong calculation is found where it stands, and the step is done again', () => {
  const attempt = 'rings 2 . gems is rings 2 plus 5 , gems 8 . jars is gems 8 minus rings 2 , jars 6 . answer 6 .'
  const found = task.correct!(problem, attempt)!
  expect(attempt.slice(0, found.keep)).toBe('rings 2 . gems is rings 2 plus 5 , gems 8 .')
  expect(found.diagnosis).toBe('wait , gems is not 8 .')
  expect(found.analysis).toBe('rings 2 2 same . gems 8 7 wrong . gems is not 8')
  expect(found.correction).toBe('gems is rings 2 plus 5 , gems 7 . jars is gems 7 minus rings 2 , jars 5 . answer 5 .')
})

test('a wrong reference, a wrong copy, a wrong answer and a text that is no step are found', () => {
  const diagnosis = (attempt: string): string | undefined => task.correct!(problem, attempt)?.diagnosis
  expect(diagnosis('rings 2 . gems is rings 3 plus 5 , gems 8 . answer 8 .')).toBe('wait , gems is not 8 .')
  expect(diagnosis('rings 2 . gems is rings 3 plus 5 , gems 7 . answer 7 .')).toBe('wait , rings is not 3 .')
  expect(diagnosis('rings 3 . gems is rings 3 plus 5 , gems 8 . answer 8 .')).toBe('wait , rings is not 3 .')
  expect(diagnosis('rings 2 . gems is rings 2 plus 4 , gems 7 . answer 7 .')).toBe('wait , gems is not rings plus 4 .')
  expect(diagnosis(problem.solution!.replace('answer 5', 'answer 7'))).toBe('wait , answer is not 7 .')
  expect(diagnosis('is is is 3 . answer 1 .')).toBe('wait , is is not 3 .')
})

test('a step that lacks something or says too much is wrong, and a true pair without its calculation is right', () => {
  const error = (step: string): string | undefined => task.correct!(problem, `rings 2 . ${step} .`)?.diagnosis
  expect(error('gems 7')).toBeUndefined()
  expect(error('gems 8')).toBe('wait , gems is not 8 .')
  expect(error('gems')).toBe('wait , gems is not ? .')
  expect(error('gems is rings plus 5 , gems 7')).toBe('wait , rings is not ? .')
  expect(error('gems is rings 2 plus 5')).toBe('wait , gems is not ? .')
  expect(error('gems is rings 2 plus 5 , gems')).toBe('wait , gems is not ? .')
  expect(error('gems is rings 2 plus 5 , jars 7')).toBe('wait , gems is not jars 7 .')
  expect(error('jars is gems 7 minus rings 3 , jars 4')).toBe('wait , jars is not 4 .')
})

test('an error that is put right before it is used is no error', () => {
  const attempt =
    'rings 2 . gems is rings 2 plus 5 , gems 8 . wait , gems is not 8 . gems is rings 2 plus 5 , gems 7 . jars is gems 7 minus rings 2 , jars 4 . answer 4 .'
  expect(task.correct!(problem, attempt)?.diagnosis).toBe('wait , jars is not 4 .')
})

test('any text gets a verdict, and a correction or none', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...vocabulary), { maxLength: 40 }), (words) => {
      const text = words.join(' ')
      expect([0, 1]).toContain(task.verify(problem, text).reward)
      const found = task.correct!(problem, text)
      if (found !== undefined)
        expect(task.verify(problem, `${text.slice(0, found.keep)} ${found.diagnosis} ${found.correction}`).reward).toBe(1)
    }),
  )
})

test('the correction of an attempt that slips is right, and keeps it through the first step that differs from the solution', () => {
  const careless = { slips: 0.5, doubtsWrong: 0, doubtsRight: 0, repairs: 0 }
  fc.assert(
    fc.property(index, (at) => {
      const made = task.problems('train').at(at)
      const attempt = studentAttempt(parseQuestion(made.question)!, careless, fold(seedOf(3), at))
      const right = made.solution!.split(' . ')
      const wrong = attempt.split(' . ').findIndex((step, position) => step !== right[position])
      const found = task.correct!(made, attempt)
      expect(found === undefined).toBe(wrong < 0)
      if (found === undefined) return
      expect(attempt.slice(0, found.keep).split(' .').length - 2).toBe(wrong)
      expect(task.verify(made, `${attempt.slice(0, found.keep)} ${found.diagnosis} ${found.correction}`).reward).toBe(1)
      expect(task.correct!(made, `${attempt.slice(0, found.keep)} ${found.diagnosis} ${found.correction}`)).toBeUndefined()
    }),
    { numRuns: 500 },
  )
})

test('a student does what its chances say: each of four habits alone', () => {
  const world = parseQuestion(problem.question)!
  const student = { slips: 0, doubtsWrong: 0, doubtsRight: 0, repairs: 1 }
  const made = (habits: Partial<typeof student>): string => studentAttempt(world, { ...student, ...habits }, seedOf(1))
  expect(made({})).toBe(problem.solution)
  expect(made({ doubtsRight: 1 })).toBe(
    'rings 2 . gems is rings 2 plus 5 , gems 7 . wait , gems is not 7 . gems is rings 2 plus 5 , gems 7 . jars is gems 7 minus rings 2 , jars 5 . wait , jars is not 5 . jars is gems 7 minus rings 2 , jars 5 . answer 5 .',
  )
  expect(task.correct!(problem, made({ slips: 1 }))).toBeDefined()
  expect(made({ slips: 1 })).not.toContain('wait')
  const repaired = made({ slips: 1, doubtsWrong: 1 })
  expect([task.verify(problem, repaired).reward, task.correct!(problem, repaired)]).toEqual([1, undefined])
  expect(task.correct!(problem, made({ slips: 1, doubtsWrong: 1, repairs: 0 }))).toBeDefined()
})

test('the tokenizer files read every text of the world back, a token a word', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tapo-mini-'))
  for (const [name, content] of Object.entries(tokenizerFiles())) writeFileSync(join(folder, name), JSON.stringify(content))
  const tokenizer = await loadTokenizer(folder)
  const asked = task.askForReflection(problem, problem.solution!, problem.solution!)
  expect(tokenizer.decode(tokenizer.encode(asked))).toBe(asked)
  expect(tokenizer.encode(asked).length).toBe(asked.split(' ').length)
  expect(tokenizer.vocabularySize).toBe(vocabulary.length)
  expect([...tokenizer.endTokens]).toEqual([1])
})
