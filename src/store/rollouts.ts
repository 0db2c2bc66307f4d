/** The rollouts file of a step: RolloutRows as Parquet, lists as LIST, so that pandas, DuckDB and Hugging Face's datasets read it. */
import type { RolloutRow } from './rollout-rows.ts'

/** The bytes of a Parquet file; a pure function of the rows. */
export function encodeRollouts(rows: readonly RolloutRow[], step: number): Uint8Array {
  throw new Error(`not yet: ${rows.length} ${step}`)
}

/** Reads a rollouts file; a DataError names a damaged one. */
export async function readRollouts(path: string): Promise<RolloutRow[]> {
  throw new Error(`not yet: ${path}`)
}
