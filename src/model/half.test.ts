import { check, float, property } from 'fast-check'
import { expect, test } from 'vitest'
import { narrowBF16, narrowF16, widenBF16, widenF16 } from './half.ts'

const all = Uint16Array.from({ length: 65_536 }, (_, i) => i)

function f16(value: number): number {
  const out = new Uint16Array(1)
  narrowF16(Float32Array.of(value), out)
  return out[0] as number
}

function bf16(value: number): number {
  const out = new Uint16Array(1)
  narrowBF16(Float32Array.of(value), out)
  return out[0] as number
}

test('F16 has the values that IEEE 754 gives it', () => {
  const values = new Float32Array(6)
  widenF16(Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00, 0x3555), values)
  expect([...values]).toEqual([1, -2, 65504, 2 ** -24, Infinity, Math.fround(0.333251953125)])
})

test('every F16 and every BF16 survives the way to F32 and back', () => {
  for (const [widen, narrow, infinity] of [
    [widenF16, narrowF16, 0x7c00],
    [widenBF16, narrowBF16, 0x7f80],
  ] as const) {
    const wide = new Float32Array(all.length)
    const back = new Uint16Array(all.length)
    widen(all, wide)
    narrow(wide, back)
    const lost = all.filter((bits) => ((bits & 0x7fff) > infinity ? !Number.isNaN(wide[bits]) : back[bits] !== bits))
    expect([...lost]).toEqual([])
  }
})

test('rounding goes to the nearest, and ties go to the even fraction', () => {
  expect(f16(1 + 2 ** -11)).toBe(0x3c00) // halfway between 1 and 1 + 2^-10
  expect(f16(1 + 3 * 2 ** -11)).toBe(0x3c02)
  expect(f16(1 + 2 ** -11 + 2 ** -20)).toBe(0x3c01)
  expect(f16(2 ** -25)).toBe(0) // halfway between 0 and the least subnormal
  expect(f16(3 * 2 ** -25)).toBe(2)
  expect(f16(2 ** -14 - 2 ** -25)).toBe(0x0400) // a subnormal that rounds up to the least normal
  expect(f16(65_519)).toBe(0x7bff)
  expect(f16(-65_520)).toBe(0xfc00)
  expect(f16(1e-30)).toBe(0)
  expect(bf16(1 + 2 ** -8)).toBe(0x3f80)
  expect(bf16(1 + 3 * 2 ** -8)).toBe(0x3f82)
})

test('no neighbour is nearer than the F16 that is chosen', () => {
  const distance = (value: number, bits: number): number => {
    const wide = new Float32Array(1)
    widenF16(Uint16Array.of(bits), wide)
    return Math.abs((wide[0] as number) - value)
  }
  const chosen = property(float({ min: -65_000, max: 65_000, noNaN: true }), (value) => {
    const bits = f16(value)
    const neighbours = [(bits & 0x7fff) - 1, (bits & 0x7fff) + 1].filter((each) => each >= 0 && each < 0x7c00)
    return neighbours.every((each) => distance(value, bits) <= distance(value, (bits & 0x8000) | each))
  })
  expect(check(chosen)).toMatchObject({ failed: false })
})
