/**
 * The analysis of a wrong attempt: its results beside the right ones, step by step until they differ, then what is wrong. A model
 * that copies can write it: every word stands somewhere before, and the first difference is found by walking, not by searching.
 *
 *     boats 1 1 . apples 4 3 . 1 times 3 is not 4
 */
import { solution, type World } from './world.ts'

/** `kept`: the attempt up to and including its first error; `error`: that error as a sentence. */
export function analysisOf(world: World, kept: string, error: string): string {
  const right = new Map(sentences(solution(world)).map((words) => [words[0], words.at(-1)]))
  const lines = sentences(kept)
    .filter(([first]) => first !== 'wait')
    .map((words) => `${words[0]} ${words.at(-1)} ${right.get(words[0]) ?? words.at(-1)} .`)
  return [...lines, error].join(' ')
}

function sentences(text: string): string[][] {
  return text
    .split(/(?:^|\s)\.(?=\s|$)/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
    .map((sentence) => sentence.split(' '))
}
