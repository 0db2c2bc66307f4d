/** The rotary tables: cosine and sine of position times frequency, computed in double precision. */
import type { ModelConfig, Rope } from '../../model/config.ts'

/** [positions, headSize / 2] each, flat; `back` is minus `sin`. */
export interface Rotation {
  readonly cos: Float32Array
  readonly sin: Float32Array
  readonly back: Float32Array
}

export function rotation({ headSize, rope }: ModelConfig, positions: number): Rotation {
  const half = headSize / 2
  const frequencies = Array.from({ length: half }, (_, i) => frequency(rope, i / half))
  const table = (f: (angle: number) => number): Float32Array =>
    Float32Array.from({ length: positions * half }, (_, i) => f(Math.floor(i / half) * Math.fround(frequencies[i % half] as number)))
  return { cos: table(Math.cos), sin: table(Math.sin), back: table((angle) => -Math.sin(angle)) }
}

/** Radians per position of the pair at `share` (0 to 1) of the head. */
function frequency({ theta, scaling }: Rope, share: number): number {
  const base = theta ** -share
  if (scaling === undefined) return base
  const { factor, lowFrequencyFactor, highFrequencyFactor, originalContext } = scaling
  const turns = (originalContext * base) / (2 * Math.PI) // of the original context
  if (turns < lowFrequencyFactor) return base / factor
  if (turns > highFrequencyFactor) return base
  const smooth = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
  return (1 - smooth) * (base / factor) + smooth * base
}
