/**
 * The bins of one call, between the threads that share its work: who takes which, and whose turn it is to add to a sum. Bins are taken in
 * order, and added in order, whoever is ready first: so a sum of floating-point numbers does not depend on the threads.
 */
const [NEXT, ADDED] = [0, 1]
const BROKEN = -1

export class Queue {
  readonly memory: SharedArrayBuffer // of one queue, wherever it is used
  readonly #state: Int32Array

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.memory = memory
    this.#state = new Int32Array(memory)
  }

  /** The bins that nobody else has taken. */
  *taken<B>(bins: readonly B[]): Generator<[index: number, bin: B]> {
    for (let index = Atomics.add(this.#state, NEXT, 1); index < bins.length; index = Atomics.add(this.#state, NEXT, 1))
      yield [index, bins[index] as B]
  }

  /** Waits until all bins before `index` were added. Says whether they were: not when the queue is broken. */
  async turn(index: number): Promise<boolean> {
    for (let added = Atomics.load(this.#state, ADDED); added !== index; added = Atomics.load(this.#state, ADDED)) {
      if (added === BROKEN) return false
      const waiting = Atomics.waitAsync(this.#state, ADDED, added)
      if (waiting.async) await waiting.value
    }
    return true
  }

  /** A bin was added, in its turn. */
  added(index: number): void {
    Atomics.compareExchange(this.#state, ADDED, index, index + 1) // a queue that was broken meanwhile stays so
    Atomics.notify(this.#state, ADDED)
  }

  /** Nobody waits any more: a bin that was taken is not going to be added. */
  break(): void {
    Atomics.store(this.#state, ADDED, BROKEN)
    Atomics.notify(this.#state, ADDED)
  }
}
