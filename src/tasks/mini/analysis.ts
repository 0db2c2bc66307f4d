/**
 * The analysis of a wrong attempt: its results beside the right ones with a word on each pair, step by step until they differ, then
 * what is wrong. A model that copies and compares can write it: the first difference is found by walking, not by searching.
 *
 *     boats 1 1 same . apples 4 3 wrong . apples is not 4
 */
import { solution, type World } from './world.ts'

/** `kept`: the attempt up to and including its first error; `error`: that error as a sentence. */
export function analysisOf(world: World, kept: string, error: string): string {
  const right = new Map(sentences(solution(world)).map((words) => [words[0], words.at(-1)]))
  const last = new Map(sentences(kept).map((words) => [words[0], words])) // of a step done again, the later
  last.delete('wait')
  const lines = [...last.values()].map((words) => compared(words, right.get(words[0])))
  return [...lines, error].join(' ')
}

function compared(words: readonly string[], right: string | undefined): string {
  const [name, given] = [words[0], words.at(-1)]
  const wanted = right ?? given
  return `${name} ${given} ${wanted} ${given === wanted ? 'same' : 'wrong'} .`
}

function sentences(text: string): string[][] {
  return text
    .split(/(?:^|\s)\.(?=\s|$)/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
    .map((sentence) => sentence.split(' '))
}
