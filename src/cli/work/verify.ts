/** What `tapo verify` does. */
import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { excerpt } from '../../data/fields.ts'
import { DataError, firstFew, UsageError } from '../../errors.ts'
import { explain } from '../../tasks/math-answer/explain.ts'
import { policyOf, type VerifyPolicy } from '../../tasks/math-answer/policy.ts'
import { verify } from '../../tasks/math-answer/verify.ts'
import { isObject } from '../../text/json-file.ts'
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

const MOST_NAMED = 20 // bad lines in a message

/** One verdict for each line that has something, in order, as soon as it is read. DataError names the bad ones once the others are judged. */
async function judgeFile(path: string, policy: VerifyPolicy, json: boolean): Promise<void> {
  if (!existsSync(path)) throw new UsageError(`${path}: no such file; name one with a { "gold", "response" } on each line`)
  const bad: string[] = []
  let [number, faulty, judged] = [0, 0, 0]
  for await (const text of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    number += 1
    const line = text.replace(/^\ufeff/, '')
    if (line.trim() === '') continue
    const pair = readPair(line)
    if (typeof pair === 'string') {
      faulty += 1
      if (bad.length < MOST_NAMED) bad.push(`${path}: line ${number}: ${pair}`)
      continue
    }
    judged += 1
    const { gold, response } = pair
    const verification = verify(gold, response, policy)
    if (json) console.log(JSON.stringify({ line: number, ...verification }))
    else
      console.log(`${verification.verdict.padEnd(9)}  ${printable(gold)}  ${printable(verification.extracted ?? '')}  ${verification.why}`)
  }
  if (faulty === 0) return
  const sum = `${faulty} of ${judged + faulty} lines are bad, the others are judged`
  throw new DataError([...firstFew(bad, { count: faulty, most: MOST_NAMED }), sum].join('\n'))
}

/** What is wrong with the line, where it has no pair. */
function readPair(line: string): { readonly gold: string; readonly response: string } | string {
  let row: unknown
  try {
    row = JSON.parse(line)
  } catch {
    return `not JSON, ${excerpt(line)}`
  }
  if (!isObject(row)) return `not an object, ${excerpt(line)}`
  const { gold, response } = row
  for (const [name, value] of Object.entries({ gold, response })) {
    if (value === undefined) return `field ${name} is missing, it has ${Object.keys(row).join(', ')}`
    if (typeof value !== 'string') return `field ${name} is not a text, ${excerpt(JSON.stringify(value))}`
  }
  return { gold: gold as string, response: response as string }
}
