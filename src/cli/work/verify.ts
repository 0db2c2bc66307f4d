/** What `tapo verify` does. */
import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { DataError, UsageError } from '../../errors.ts'
import { explain } from '../../tasks/math-answer/explain.ts'
import { policyOf, type VerifyPolicy } from '../../tasks/math-answer/policy.ts'
import { verify } from '../../tasks/math-answer/verify.ts'
import type { VerifyOptions } from '../commands/verify.ts'
import { terminal } from '../terminal.ts'
import { printable } from '../views/format.ts'
import { audit } from './verify-audit.ts'

export async function verifyAnswers(gold: string | undefined, response: string | undefined, options: VerifyOptions): Promise<void> {
  const { file, strictness = 'standard', json = false } = options
  const policy = policyOf({ strictness, undecided: 'leave' })
  const ways = [gold !== undefined, file !== undefined, options.audit !== undefined].filter(Boolean).length
  if (ways !== 1 || (gold === undefined) !== (response === undefined))
    throw new UsageError('verify: give a gold answer and a response, or --file, or --audit; tapo verify --help has examples')
  if (options.audit !== undefined) await audit(options, policy)
  else if (file !== undefined) await judgeFile(file, policy, json)
  else explainOne(gold ?? '', response ?? '', { policy, json })
}

function explainOne(gold: string, response: string, { policy, json }: { readonly policy: VerifyPolicy; readonly json: boolean }): void {
  const { verification, steps } = explain(gold, response, policy)
  const { paint } = terminal()
  if (json) console.log(JSON.stringify(verification))
  else for (const [what, found] of steps) console.log(`${paint('dim', what.padEnd(12))}${printable(found)}`)
}

/** One verdict for each line, in order, as soon as the line is read: what comes before a bad line is kept. */
async function judgeFile(path: string, policy: VerifyPolicy, json: boolean): Promise<void> {
  if (!existsSync(path)) throw new UsageError(`${path}: no such file; name one with a { "gold", "response" } on each line`)
  let number = 0
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    number += 1
    const { gold, response } = readPair(line.replace(/^\ufeff/, ''), `${path}: line ${number}`)
    const verification = verify(gold, response, policy)
    if (json) console.log(JSON.stringify(verification))
    else
      console.log(`${verification.verdict.padEnd(9)}  ${printable(gold)}  ${printable(verification.extracted ?? '')}  ${verification.why}`)
  }
}

function readPair(line: string, place: string): { readonly gold: string; readonly response: string } {
  let row: unknown
  try {
    row = JSON.parse(line)
  } catch (cause) {
    throw new DataError(`${place}: not JSON`, { cause })
  }
  const { gold, response } = (row ?? {}) as { readonly gold?: unknown; readonly response?: unknown }
  if (typeof gold !== 'string') throw new DataError(`${place}: gold is not a text`)
  if (typeof response !== 'string') throw new DataError(`${place}: response is not a text`)
  return { gold, response }
}
