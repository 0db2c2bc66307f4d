/**
 * Where the diagnosis ends and the correction begins, for display and logs alone: training does not see this border [D].
 * The rule: the first sentence after the kept prefix, and up to two more as long as each holds a word of diagnosis-words.ts.
 */
import { diagnosisWords } from './diagnosis-words.ts'

const maxSentences = 3 // the synthesis prompt asks for one to three

/** Length in characters of the diagnosis at the beginning of `rest`, closing punctuation included. */
export function diagnosisEnd(rest: string): number {
  let end = 0
  for (let sentence = 0; sentence < maxSentences; sentence++) {
    const next = sentenceEnd(rest, end)
    if (sentence > 0 && !diagnoses(rest.slice(end, next))) break
    end = next
  }
  return end
}

/** Behind the next full stop, exclamation or question mark that white space or the end follows, or behind the next line with words. */
function sentenceEnd(text: string, from: number): number {
  const match = /\S[\s\S]*?(?:[.!?](?=\s|$)|(?=\n)|$)/.exec(text.slice(from))
  return match === null ? text.length : from + match.index + match[0].length
}

function diagnoses(sentence: string): boolean {
  const words = sentence.toLowerCase().match(/[a-z']+/g) ?? []
  return words.some((word) => diagnosisWords.includes(word))
}
