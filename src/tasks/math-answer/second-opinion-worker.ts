/** The thread of second-opinion.ts: the only module that imports the computer algebra system, by a name that need not be installed. */
import { parentPort } from 'node:worker_threads'
import { plainLatex, plainText } from './clean.ts'
import { engineName, type Opinion } from './second-opinion.ts'
import type { Chunk } from './threads.ts'
import { goldText, verify } from './verify.ts'

/** What is used of it. */
interface Expression {
  readonly isValid: boolean
  isSame(other: Expression): boolean
  isEqual(other: Expression): boolean | undefined
  isIdenticallyEqual(other: Expression): boolean | undefined
}

interface Engine {
  parse(latex: string): Expression
  pushScope(): void
  popScope(): void
}

const engineModule = (await import(engineName)) as { readonly ComputeEngine: new () => Engine }
const engine = new engineModule.ComputeEngine()
engine.parse('1')

parentPort?.postMessage('ready')
parentPort?.on('message', ({ pairs }: Chunk) => {
  parentPort?.postMessage(pairs.map(([gold, response]) => opinionOn(goldText(gold), verify(gold, response).extracted)))
})

/** The texts are cleaned as for our own reading. What a pair makes it believe of a name is forgotten after it. */
function opinionOn(gold: string, answer: string | undefined): Opinion {
  if (answer === undefined) return { says: 'nothing', why: 'the response has no answer' }
  engine.pushScope()
  try {
    return compare(read(gold), read(answer))
  } catch (error) {
    return { says: 'nothing', why: error instanceof Error ? error.message : String(error) }
  } finally {
    engine.popScope()
  }
}

function read(text: string): Expression {
  return engine.parse(plainLatex(plainText(text)))
}

/** Its three tests of equality, from the cheapest on. */
function compare(gold: Expression, answer: Expression): Opinion {
  if (!gold.isValid || !answer.isValid) return { says: 'nothing', why: 'one of the two cannot be read' }
  if (gold.isSame(answer)) return { says: 'right', why: 'the same form' }
  const isEqual = gold.isEqual(answer)
  if (isEqual === true) return { says: 'right', why: 'the same value' }
  if (gold.isIdenticallyEqual(answer) === true) return { says: 'right', why: 'an identity' }
  return isEqual === false ? { says: 'wrong', why: 'another value' } : { says: 'nothing', why: 'neither equal nor different' }
}
