/** What `tapo score` does. */
import { existsSync, readFileSync } from 'node:fs'
import { localTrainer } from '../../engine/local/trainer.ts'
import { UsageError } from '../../errors.ts'
import { openModel } from '../../experiments/model.ts'
import type { ModelConfig } from '../../model/config.ts'
import type { Tokenizer } from '../../text/tokenizer.ts'
import type { TokenScores } from '../../types.ts'
import type { ScoreOptions } from '../commands/score.ts'
import { terminal } from '../terminal.ts'
import { table } from '../views/table.ts'

export async function score(path: string, { tokens: given, json = false }: ScoreOptions): Promise<void> {
  const tokens = readTokens(given)
  const { model, modelConfig, tokenizer } = await openModel(path)
  checkFit(tokens, modelConfig)
  const trainer = await localTrainer({ model })
  try {
    const policy = await trainer.policy()
    const scores =
      tokens.length < 2
        ? { logprobs: new Float32Array(tokens.length), entropies: new Float32Array(tokens.length) }
        : (await policy.score([{ tokens, from: 1 }]))[0]
    if (scores === undefined) throw new Error('the engine gave no scores')
    console.log(json ? JSON.stringify(scoresJson(scores)) : scoresText(tokenizer, tokens, scores))
  } finally {
    await trainer.close()
  }
}

/** Before the engine looks at them, so that the message names what was typed. */
function checkFit(tokens: Int32Array, { vocabularySize, contextLength }: ModelConfig): void {
  if (tokens.length > contextLength) throw new UsageError(`--tokens: ${tokens.length} of them, the model's context holds ${contextLength}`)
  const at = tokens.findIndex((token) => token >= vocabularySize)
  if (at >= 0) throw new UsageError(`--tokens: ${tokens[at]} at index ${at}, the model's vocabulary has ${vocabularySize}`)
}

/** Null where nothing is predicted. */
function scoresJson({ logprobs, entropies }: TokenScores): Record<'logprobs' | 'entropies', (number | null)[]> {
  const behindFirst = (values: Float32Array): (number | null)[] => Array.from(values, (value, t) => (t === 0 ? null : value))
  return { logprobs: behindFirst(logprobs), entropies: behindFirst(entropies) }
}

function scoresText(tokenizer: Tokenizer, tokens: Int32Array, { logprobs, entropies }: TokenScores): string {
  const number = (value: number | undefined, t: number): string => (t === 0 || value === undefined ? '' : value.toFixed(4))
  const rows = Array.from(tokens, (token, t) => [
    String(t),
    String(token),
    JSON.stringify(tokenizer.decode([token])),
    number(logprobs[t], t),
    number(entropies[t], t),
  ])
  const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' })
  return table([right('t'), right('token'), { title: 'text' }, right('log-probability'), right('entropy')], rows, terminal().paint)
}

/** A JSON array of token ids, written out or in a file. */
function readTokens(given: string): Int32Array {
  const isFile = existsSync(given)
  const subject = isFile ? given : '--tokens'
  let value: unknown
  try {
    value = JSON.parse(isFile ? readFileSync(given, 'utf8') : given)
  } catch (cause) {
    throw new UsageError(`${subject}: neither a JSON array of token ids nor a file that holds one`, { cause })
  }
  const isId = (token: unknown): boolean => Number.isSafeInteger(token) && (token as number) >= 0 && (token as number) < 2 ** 31
  if (!Array.isArray(value) || !value.every(isId)) throw new UsageError(`${subject}: not an array of token ids, integers from 0 up`)
  if (value.length === 0) throw new UsageError(`${subject}: no tokens`)
  return Int32Array.from(value as number[])
}
