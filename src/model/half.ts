/**
 * The two 16-bit float formats of model files, to and from 32 bits: F16 (IEEE binary16) and BF16 (the upper half of a
 * binary32). Pure arithmetic on buffers the caller owns; files are another matter (safetensors.ts).
 */

/** The bits of every F16 as F32: 256 kB that turn widening into a look-up. As integers, since floats would pass through double precision. */
const halves: Uint32Array = new Uint32Array(Float32Array.from({ length: 65_536 }, (_, bits) => halfValue(bits)).buffer)

/** F16 bits to numbers, exact. Both [n]. */
export function widenF16(bits: Uint16Array, into: Float32Array): void {
  const words = new Uint32Array(into.buffer, into.byteOffset, into.length)
  for (let i = 0; i < bits.length; i++) words[i] = halves[bits[i] as number] as number
}

/** BF16 bits to numbers, exact. Both [n]. */
export function widenBF16(bits: Uint16Array, into: Float32Array): void {
  const words = new Uint32Array(into.buffer, into.byteOffset, into.length)
  for (let i = 0; i < bits.length; i++) words[i] = (bits[i] as number) << 16
}

/** Numbers to F16 bits, to nearest, ties to even; beyond 65,519 it overflows to infinity. Both [n]. */
export function narrowF16(values: Float32Array, into: Uint16Array): void {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  for (let i = 0; i < words.length; i++) into[i] = halfBits(words[i] as number)
}

/** Numbers to BF16 bits, to nearest, ties to even. Both [n]; NaN stays NaN. */
export function narrowBF16(values: Float32Array, into: Uint16Array): void {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number
    const isNaN = (word & 0x7fff_ffff) > 0x7f80_0000
    into[i] = isNaN ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
  }
}

/** The value of an F16 by its bits: sign, 5 exponent bits with bias 15, 10 fraction bits. */
function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >>> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25)
}

/** The F16 nearest to the F32 whose bits are given. */
function halfBits(word: number): number {
  const sign = (word >>> 16) & 0x8000
  const magnitude = word & 0x7fff_ffff
  if (magnitude > 0x7f80_0000) return sign | 0x7e00
  if (magnitude >= 0x477f_f000) return sign | 0x7c00 // 65,520 and more
  if (magnitude >= 0x3880_0000) return sign | roundShift(magnitude - 0x3800_0000, 13) // normal: exponent bias 127 to 15
  const shift = 126 - (magnitude >>> 23) // subnormal: the fraction with its hidden bit, moved to units of 2^-24
  return shift > 24 ? sign : sign | roundShift((magnitude & 0x7f_ffff) | 0x80_0000, shift)
}

/** `value` / 2^shift to the nearest integer, ties to even; 0 < shift < 25. */
function roundShift(value: number, shift: number): number {
  const half = 1 << (shift - 1)
  return (value + half - 1 + ((value >>> shift) & 1)) >>> shift
}
