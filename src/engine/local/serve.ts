/** A worker thread that answers calls, seen from inside (thread.ts is the other side): one after the other, and it ends as soon as it is told to. */
import { type MessagePort, parentPort } from 'node:worker_threads'
import type { Answered } from '../engine.ts'
import { describeError, type Reply } from './wire.ts'

/** `answer` knows the calls that are sent to its module; one of kind `close` is never answered: the thread ends, after `closing`. */
export function serve(
  answer: (call: never, answered: Answered) => Promise<unknown>,
  closing: () => Promise<void> = () => Promise.resolve(),
): void {
  const port = parentPort
  if (port === null) throw new Error('internal: this module runs in a worker thread')
  let last: Promise<void> = Promise.resolve()
  port.on('message', ({ id, call }: { id: number; call: { kind: string } }) => {
    // Ends this thread alone. It is told between two calls of the runtime: to end it from outside in the middle of one would end the process.
    if (call.kind === 'close') void closing().finally(() => process.exit())
    else last = last.then(() => reply(port, id, (answered) => answer(call as never, answered)))
  })
}

async function reply(port: MessagePort, id: number, work: (answered: Answered) => Promise<unknown>): Promise<void> {
  const answered: Answered = (request, completions) => port.postMessage({ id, part: { request, completions } } satisfies Reply)
  const message: Reply = await work(answered).then(
    (value) => ({ id, value }),
    (error: unknown) => ({ id, error: describeError(error) }),
  )
  port.postMessage(message)
}
