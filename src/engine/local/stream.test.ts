import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Sequence, type SequenceUnit, sequenceUnits, stepUnits } from './packing.ts'
import { targetRows } from './rows.ts'
import { type Bin, LANE, type Unit, bins, layOut } from './stream.ts'

const plain = (length: number): Unit => ({ segments: [{ tokens: new Int32Array(length), position: 0, context: -1 }], size: length })

test('a group is one unit: its prompt without the last token once, then each answer behind the last prompt token', () => {
  const sequence = (answer: number[]): Sequence => ({
    tokens: Int32Array.from([1, 2, 3, ...answer]),
    promptLength: 3,
    targets: answer.map((_, i) => 3 + i),
  })
  const units = sequenceUnits([sequence([4, 5]), sequence([6])])
  expect(units.length).toBe(1)
  expect(units[0]!.segments.map(({ tokens, position, context }) => [[...tokens], position, context])).toEqual([
    [[1, 2], 0, -1],
    [[3, 4], 2, 0],
    [[3], 2, 0],
  ])
  expect(units[0]!.targets.map(({ sequence: index, t, segment, offset }) => [index, t, segment, offset])).toEqual([
    [0, 3, 1, 0],
    [0, 4, 1, 1],
    [1, 3, 2, 0],
  ])
})

test('in a step a prompt with one answer is one segment with it, and a group is one unit as ever', () => {
  const group = [4, 6].map((token): Sequence => ({ tokens: Int32Array.of(1, 2, 3, token, 5), promptLength: 3, targets: [3, 4] }))
  const lone: Sequence = { tokens: Int32Array.of(7, 8, 9, 4, 5), promptLength: 3, targets: [3, 4] }
  const units = stepUnits([...group, lone])
  expect(units.map(({ segments }) => segments.map(({ tokens }) => [...tokens]))).toEqual([
    [[7, 8, 9, 4]],
    [
      [1, 2],
      [3, 4],
      [3, 6],
    ],
  ])
  expect(units[0]!.targets.map(({ sequence, t, segment, offset }) => [sequence, t, segment, offset])).toEqual([
    [2, 3, 0, 2],
    [2, 4, 0, 3],
  ])
})

test('a sequence without a prompt is one segment that ends before its last target', () => {
  const [unit] = sequenceUnits([{ tokens: Int32Array.of(1, 2, 3, 4, 5), promptLength: 1, targets: [2, 3] }])
  expect([...unit!.segments[0]!.tokens]).toEqual([1, 2, 3])
})

test('bins keep the units in order, are of about the same size, even in number if that is asked for, and padded by less than a twentieth', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 120 }), fc.boolean(), (lengths, even) => {
      const units = lengths.map(plain)
      const all = bins(units, { tokens: 1024, even })
      expect(all.flatMap((bin) => bin.units)).toEqual(units)
      const sizes = all.map((bin) => bin.units.reduce((sum, { size }) => sum + size, 0))
      all.forEach(({ tokens }, i) => expect(tokens % LANE === 0 && tokens > sizes[i]! && tokens <= sizes[i]! + LANE).toBe(true))
      if (lengths.length < 2 || Math.max(...lengths) * 4 > sizes.reduce((a, b) => a + b)) return
      if (even) expect(all.length % 2).toBe(0)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 + 200)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(2 * Math.max(...lengths))
    }),
  )
})

test('a unit that is larger than a bin is a bin', () => {
  expect(bins([plain(3000), plain(10)], { tokens: 1024, even: true }).map((bin) => bin.units.map(({ size }) => size))).toEqual([
    [3000],
    [10],
  ])
})

test('every stream ends in padding, has a row shorter than the widest, and each target a place of its own', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 90 })), { minLength: 1, maxLength: 20 }),
      (sizes) => {
        const sequences = sizes.map(([promptLength, answer]): Sequence => ({
          tokens: new Int32Array(promptLength + answer),
          promptLength,
          targets: Array.from({ length: answer }, (_, i) => promptLength + i),
        }))
        const units = sequenceUnits(sequences)
        const bin: Bin<SequenceUnit> = { units, tokens: 16 * Math.ceil((units.reduce((sum, { size }) => sum + size, 0) + 1) / 16) }
        const stream = layOut(bin)
        expect(stream.rows.every(({ start, length }) => start + length < stream.tokens)).toBe(true)
        expect(stream.rows.some(({ length }) => length < stream.width)).toBe(true)
        const rows = targetRows(bin, stream, 100)
        const places = rows.targets.map(({ row }) => rows.places[row])
        expect(new Set(places).size).toBe(sequences.reduce((sum, { targets }) => sum + targets.length, 0))
        rows.targets.forEach(({ row }) => expect(rows.home[rows.places[row] as number]).toBe(row))
      },
    ),
  )
})
