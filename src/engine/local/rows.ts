/** The M rows of a bin: the places whose next token is predicted, with padding behind them, and their cut into chunks. */
import type { SequenceUnit, Target as UnitTarget } from './packing.ts'
import { type Bin, LANE, type Stream, roundUp } from './stream.ts'

/** Logits that exist at once, about: 128 MB. */
export const CHUNK_LOGITS = 32_000_000

/** A predicted token and its row. */
export interface Target extends UnitTarget {
  readonly row: number
}

export interface TargetRows {
  readonly count: number // M; the last row is padding
  readonly targets: readonly Target[]
  readonly places: Int32Array // [M] into the stream
  readonly home: Int32Array // [N] into the rows; M - 1 where a place predicts nothing
  readonly chunks: number // divides M into multiples of LANE
}

export function targetRows({ units }: Bin<SequenceUnit>, stream: Stream, vocabularySize: number): TargetRows {
  const wanted = units.reduce((sum, unit) => sum + unit.targets.length, 1)
  const chunks = Math.ceil((wanted * vocabularySize) / CHUNK_LOGITS)
  const count = chunks * roundUp(wanted / chunks, LANE)
  const places = new Int32Array(count).fill(stream.tokens - 1)
  const home = new Int32Array(stream.tokens).fill(count - 1)
  const starts = units.flatMap((unit, u) => unit.targets.map((target) => ({ target, starts: stream.starts[u] as readonly number[] })))
  const targets = starts.map(({ target, starts: of }, row): Target => {
    const place = (of[target.segment] as number) + target.offset
    places[row] = place
    home[place] = row
    return { ...target, row }
  })
  return { count, targets, places, home, chunks }
}
