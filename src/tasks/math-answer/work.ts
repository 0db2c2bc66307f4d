/** Counted work: what bounds a verdict whatever the answer says. No clock: the same answer runs out at the same place everywhere. */

/** An answer asks for more work than a verdict may take. Caught in verify.ts alone. */
export class OutOfWork extends Error {
  override readonly name = 'OutOfWork'
}

/** An answer's text is not one that can be read. Caught in read.ts alone. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

export interface Work {
  left: number // steps, about a microsecond each
  gaveUp: boolean // something exact was too large and was taken to 60 digits instead
  absorbed: boolean // a sum lost a term that is smaller than its last digit
}

export function startWork(steps: number): Work {
  return { left: steps, gaveUp: false, absorbed: false }
}

export function spend(work: Work, steps: number): void {
  work.left -= steps
  if (work.left < 0) throw new OutOfWork('the work of one verdict is used up')
}
