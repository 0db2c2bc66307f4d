/** A worker thread that answers calls, seen from inside (thread.ts is the other side): one after the other, and it ends as soon as it is told to. */
import { type MessagePort, parentPort } from 'node:worker_threads'
import type { Answered } from '../engine.ts'
import { describeError, type Reply } from './wire.ts'

export interface Service<T> {
  readonly closing?: () => Promise<void> // before the thread ends
  readonly moved?: (value: T) => ArrayBuffer[] // memory that goes with the answer and is not copied
}

/** `answer` knows the calls that are sent to its module; one of kind `close` is never answered: the thread ends. */
export function serve<T>(
  answer: (call: never, answered: Answered) => Promise<T>,
  { closing = () => Promise.resolve(), moved = () => [] }: Service<T> = {},
): void {
  const port = parentPort
  if (port === null) throw new Error('internal: this module runs in a worker thread')
  let last: Promise<void> = Promise.resolve()
  port.on('message', ({ id, call }: { id: number; call: { kind: string } }) => {
    // Ends this thread alone. It is told between two calls of the runtime: to end it from outside in the middle of one would end the process.
    if (call.kind === 'close') void closing().finally(() => process.exit())
    else last = last.then(() => reply(port, id, { work: (answered) => answer(call as never, answered), moved }))
  })
}

interface Work<T> {
  readonly work: (answered: Answered) => Promise<T>
  readonly moved: (value: T) => ArrayBuffer[]
}

async function reply<T>(port: MessagePort, id: number, { work, moved }: Work<T>): Promise<void> {
  const answered: Answered = (request, completions) => port.postMessage({ id, part: { request, completions } } satisfies Reply)
  await work(answered).then(
    (value) => port.postMessage({ id, value } satisfies Reply, moved(value)),
    (error: unknown) => port.postMessage({ id, error: describeError(error) } satisfies Reply),
  )
}
