/**
 * What every engine must do, as tests: the promises of engine.ts, in its header and in its comments, checked on real weights.
 * Call `conformance` in a test file with a maker of the engine. It needs vitest, so no file named `*conformance.ts` is built.
 */
import { describe } from 'vitest'
import { distributions, sampling, scoring } from './sampling.conformance.ts'
import { diverging } from './divergence.conformance.ts'
import { examiner, type Specimen } from './specimen.conformance.ts'
import { stopping } from './stopping.conformance.ts'
import { clipping, continuing, learning, refusing, versions } from './training.conformance.ts'

/** Declares the tests under the engine's name. `make` gives an engine with the same weights each time. */
export function conformance(engine: string, make: () => Promise<Specimen>): void {
  const examine = examiner(make)
  describe.for([engine])('%s', () => {
    sampling(examine)
    stopping(examine)
    distributions(examine)
    scoring(examine)
    versions(examine)
    learning(examine)
    clipping(examine)
    diverging(examine)
    refusing(examine)
    continuing(examine, make)
  })
}
