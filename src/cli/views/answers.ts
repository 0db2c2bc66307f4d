/** Sampled answers as a person reads them, each with how it ended and how likely it was. Pure. */
import type { Completion, Ending } from '../../types.ts'
import { printable } from './format.ts'
import type { Paint } from './paint.ts'

/** One answer and its text without special tokens. */
export interface Answer extends Completion {
  readonly text: string
}

const ENDINGS: Readonly<Record<Ending, string>> = { eos: 'ended by itself', stop: 'met a stop text', length: 'met the token limit' }

/** Log-probabilities are natural, summed over the answer's tokens, under the full distribution at temperature 1. */
export function answersText(answers: readonly Answer[], paint: Paint): string {
  return answers.map((answer, index) => `${paint('dim', heading(answer, index))}\n${printable(answer.text)}`).join('\n\n')
}

function heading({ tokens, logprobs, end }: Answer, index: number): string {
  const sum = logprobs.reduce((total, value) => total + value, 0)
  return `answer ${index}, ${tokens.length} tokens, ${ENDINGS[end]}, log-probability ${sum.toFixed(2)}`
}
