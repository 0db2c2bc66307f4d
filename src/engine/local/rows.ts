/** The M rows of a micro-batch: the places whose next token is predicted, padded to whole blocks, and their cut into chunks. */
import type { SequenceUnit, Target as UnitTarget } from './packing.ts'
import { type Bin, BLOCK, type Stream, roundUp } from './stream.ts'

const CHUNK_LOGITS = 16_000_000 // logits that exist at once, about: 64 MB

/** A predicted token and its row. */
export interface Target extends UnitTarget {
  readonly row: number
}

export interface TargetRows {
  readonly count: number // M, a multiple of BLOCK; each bin's last row is padding
  readonly binSizes: readonly number[] // rows of each bin, multiples of BLOCK
  readonly targets: readonly Target[]
  readonly places: Int32Array // [M] into the stream
  readonly home: Int32Array // [N] into the rows; M - 1 where a place predicts nothing
  readonly chunks: number // divides M into multiples of BLOCK
}

/** Each bin's rows end at a whole block, as its tokens do, so that sums over rows do not depend on where micro-batches end. */
export function targetRows(batch: readonly Bin<SequenceUnit>[], stream: Stream, vocabularySize: number): TargetRows {
  const sizes = batch.map((bin) =>
    roundUp(
      bin.units.reduce((sum, unit) => sum + unit.targets.length, 1),
      BLOCK,
    ),
  )
  const count = sizes.reduce((sum, size) => sum + size, 0)
  const places = new Int32Array(count).fill(stream.tokens - 1)
  const home = new Int32Array(stream.tokens).fill(count - 1)
  const targets: Target[] = []
  let [unit, binRow] = [0, 0]
  batch.forEach((bin, b) => {
    let row = binRow
    for (const { targets: wanted } of bin.units) {
      const starts = stream.starts[unit++] as readonly number[]
      for (const target of wanted) {
        const place = (starts[target.segment] as number) + target.offset
        targets.push({ ...target, row })
        places[row] = place
        home[place] = row++
      }
    }
    binRow += sizes[b] as number
  })
  return { count, binSizes: sizes, targets, places, home, chunks: chunkCount(count, vocabularySize) }
}

/** The smallest number of equal chunks, each a multiple of BLOCK rows, that keeps the logits of one below the bound. */
function chunkCount(rows: number, vocabularySize: number): number {
  const blocks = rows / BLOCK
  for (let chunks = 1; chunks < blocks; chunks++) {
    if (blocks % chunks === 0 && (rows / chunks) * vocabularySize <= CHUNK_LOGITS) return chunks
  }
  return blocks
}
