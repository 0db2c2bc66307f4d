/**
 * The seam to @huggingface/jinja: templates compiled and rendered with a bound on their work, since a template comes with a model and may be
 * broken or malicious. Text in, text out; whose words they are is chat-template.ts. The library's own declarations import each other
 * without file extensions, which Node's module resolution cannot follow, so what is used of it is typed here.
 */
import * as library from '@huggingface/jinja'

/** A value while a template runs. Arrays and tables hold further values. */
interface Value {
  readonly value: unknown
}

interface Scope {
  set(name: string, value: unknown): void
}

interface Interpreter {
  evaluate: (statement: { readonly type: string } | undefined, scope: Scope) => Value | undefined // of every node of the template, each within its parent's
  run(program: unknown): { readonly value: string }
}

const { Environment, Interpreter, parse, tokenize } = library as unknown as {
  readonly Environment: new () => Scope
  readonly Interpreter: new (scope: Scope) => Interpreter
  readonly parse: (tokens: unknown) => unknown
  readonly tokenize: (source: string, options: { lstrip_blocks: boolean; trim_blocks: boolean }) => unknown
}

const LONGEST = 100_000 // characters; templates in use have up to 30,000, and reading one takes time with the square of its length

type Spend = (steps: number) => void

/** Writes the template with variables by name, in at most so many steps: one for each node that is evaluated and each character that is made. */
export type Render = (variables: Readonly<Record<string, unknown>>, steps: number) => string

/** Throws Error, as rendering does: for what is no jinja or too long; for a template that refuses, uses what the library lacks, or works too much. */
export function compileTemplate(source: string): Render {
  if (source.length > LONGEST) throw new Error(`${source.length} characters, at most ${LONGEST} are read`)
  const program = parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }))
  return (variables, steps) => {
    const spend = budget(steps)
    const scope = new Environment()
    for (const [name, value] of Object.entries({ ...globals(spend), ...variables })) scope.set(name, value)
    return bounded(new Interpreter(scope), spend, source.length).run(program).value
  }
}

function budget(steps: number): Spend {
  let left = steps
  return (spent) => {
    left -= spent
    if (left < 0) throw new Error(`more than ${steps} steps of work to write one conversation, so it may have no end`)
  }
}

/** What jinja has everywhere, as transformers gives it. */
function globals(spend: Spend): Readonly<Record<string, unknown>> {
  return {
    true: true,
    false: false,
    none: null,
    True: true,
    False: false,
    None: null,
    range: (...bounds: number[]) => range(spend, bounds),
    raise_exception: (message: string) => {
      throw new Error(message)
    },
  }
}

/** Python's range. Unlike the library's own it is paid for before it is made. */
function range(spend: Spend, bounds: readonly number[]): number[] {
  const [start, stop, step = 1] = bounds.length === 1 ? [0, ...bounds] : bounds
  if (start === undefined || stop === undefined || ![start, stop, step].every(Number.isInteger) || step === 0)
    throw new Error(`range(${bounds.join(', ')}): not one to three integers, the step other than 0`)
  const length = Math.max(0, Math.ceil((stop - start) / step))
  spend(length)
  return Array.from({ length }, (_, i) => start + i * step)
}

/**
 * The interpreter with every step paid for, and with it the size of what comes out. What goes into an operation has come out of another, so
 * that neither many steps nor few on huge values go unnoticed. The definition of a macro and a call block is read whole, by the library.
 */
function bounded(interpreter: Interpreter, spend: Spend, sourceLength: number): Interpreter {
  const evaluate = interpreter.evaluate.bind(interpreter)
  interpreter.evaluate = (statement, scope) => {
    if (statement?.type === 'Macro' || statement?.type === 'CallStatement') spend(sourceLength / 10)
    const result = evaluate(statement, scope)
    spendSize(result, spend)
    return result
  }
  return interpreter
}

/** Walks into arrays and tables as often as they would be written out, so that parts that are shared count each time. */
function spendSize(result: Value | undefined, spend: Spend): void {
  const value = result?.value
  spend(typeof value === 'string' ? 1 + value.length : 1)
  if (Array.isArray(value) || value instanceof Map) for (const part of value.values()) spendSize(part as Value | undefined, spend)
}
