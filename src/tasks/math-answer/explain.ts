/** A verdict step by step: what each text was read as, and how the two were compared. For people; verify.ts alone decides. */
import { childrenOf, type Node } from './node.ts'
import { verifyDefaults, type VerifyPolicy } from './policy.ts'
import { readAnswer, type Reading } from './read.ts'
import { goldText, verify, type Verification } from './verify.ts'
import { startWork } from './work.ts'

export interface Explanation {
  readonly verification: Verification
  readonly steps: readonly (readonly [what: string, found: string])[]
}

const places: Readonly<Record<NonNullable<Verification['from']>, string>> = {
  box: 'in the last \\boxed{}',
  boxes: 'in the boxes that stand together at the end',
  hashes: 'behind the last ####',
  phrase: 'behind the last "answer is"',
  whole: 'the response is an answer and nothing else',
  value: 'the last formula or number',
}

export function explain(gold: string, response: string, policy: VerifyPolicy = verifyDefaults): Explanation {
  const verification = verify(gold, response, policy)
  const { verdict, method, why, extracted, from } = verification
  const steps: (readonly [string, string])[] = [['gold answer', readingText(goldText(gold), policy)]]
  if (extracted === undefined || from === undefined) steps.push(['answer', 'none in the response'])
  else steps.push(['answer', extracted], ['where', places[from]], ['read as', readingText(extracted, policy)])
  return { verification, steps: [...steps, ['compared by', method], ['verdict', `${verdict}: ${why}`]] }
}

function readingText(answer: string, { maxCharacters, maxWork }: VerifyPolicy): string {
  if (answer.length > maxCharacters) return `not read: over ${maxCharacters} characters`
  try {
    const { node, problem }: Reading = readAnswer(answer, startWork(maxWork))
    return node === undefined ? `not read: ${problem}` : treeText(node)
  } catch {
    return 'not read: too much work'
  }
}

/** A tree on one line, `sum(2, sqrt(3))`. */
function treeText(node: Node): string {
  if (node.kind === 'number')
    return node.value.denominator === 1n ? `${node.value.numerator}` : `${node.value.numerator}/${node.value.denominator}`
  if (node.kind === 'constant' || node.kind === 'symbol') return node.name
  if (node.kind === 'text') return JSON.stringify(node.words)
  if (node.kind === 'based') return `${node.digits} in base ${node.base}`
  const parts = childrenOf(node).map(treeText)
  if (node.kind === 'group') return `${node.open}${parts.join(', ')}${node.close}`
  if (node.kind === 'relation') return parts.map((part, index) => (index === 0 ? part : `${node.signs[index - 1]} ${part}`)).join(' ')
  return `${node.kind === 'call' ? node.name : node.kind === 'measure' ? node.unit : node.kind}(${parts.join(', ')})`
}
