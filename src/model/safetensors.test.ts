import { mkdtemp, open, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DataError, StoreError } from '../errors.ts'
import { writeAtomically } from './atomic-file.ts'
import { SafetensorsFile } from './safetensors.ts'
import { writeSafetensors } from './safetensors-writer.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tapo-safetensors-'))
})
afterAll(() => rm(folder, { recursive: true }))

const matrix = { name: 'matrix', shape: [2, 3], data: Float32Array.of(1, -2, 0.5, 3.140625, 0, 65_504) }
const vector = { name: 'vector', shape: [2], data: Float32Array.of(7, 8) }

/** A file with any header and `data` bytes of zeros. */
async function craft(header: unknown, data: number): Promise<string> {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  const path = join(folder, 'crafted.safetensors')
  await writeFile(path, Buffer.concat([length, json, Buffer.alloc(data)]))
  return path
}

async function opened<T>(path: string, use: (file: SafetensorsFile) => Promise<T>): Promise<T> {
  const file = await SafetensorsFile.open(path)
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}

async function refusal(path: string, tensor?: string): Promise<string> {
  const error: unknown = await opened(path, async (file) => (tensor === undefined ? undefined : file.read(tensor))).catch(
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(DataError)
  expect((error as Error).message).toContain(path)
  return (error as Error).message.slice(path.length + 2)
}

test.each(['F32', 'F16', 'BF16'] as const)('what is written as %s is read back', async (dtype) => {
  const path = join(folder, `${dtype}.safetensors`)
  await writeSafetensors(path, [matrix, vector], { dtype, metadata: { step: '3' } })
  await opened(path, async (file) => {
    expect(file.metadata).toEqual({ format: 'pt', step: '3' })
    expect(file.entries.get('matrix')?.shape).toEqual([2, 3])
    expect([...(await file.read('vector'))]).toEqual([7, 8])
    const into = new Float32Array(new SharedArrayBuffer(40), 8, 6) // memory of the caller, shared between threads
    await file.readInto('matrix', into)
    expect([...into]).toEqual(dtype === 'BF16' ? [1, -2, 0.5, 3.140625, 0, 65_536] : [...matrix.data])
  })
})

test('weights in shared memory are written', async () => {
  const data = new Float32Array(new SharedArrayBuffer(8))
  data.set([7, 8])
  const path = join(folder, 'shared.safetensors')
  await writeSafetensors(path, [{ ...vector, data }])
  expect([...(await opened(path, (file) => file.read('vector')))]).toEqual([7, 8])
})

test('tensors longer than one piece are read and written whole', async () => {
  const data = Float32Array.from({ length: (4 << 20) + 5 }, (_, i) => i % 251)
  for (const dtype of ['F32', 'F16'] as const) {
    const path = join(folder, 'long.safetensors')
    await writeSafetensors(path, [vector, { name: 'long', shape: [data.length], data }], { dtype })
    const back = await opened(path, (file) => file.read('long'))
    expect(Buffer.from(back.buffer).equals(Buffer.from(data.buffer))).toBe(true)
  }
})

test('a truncated file is refused, wherever it ends', async () => {
  const path = join(folder, 'short.safetensors')
  await writeSafetensors(path, [matrix])
  const { length } = await readFile(path)
  await truncate(path, length - 1)
  expect(await refusal(path)).toBe(`truncated, tensor matrix ends at byte ${length} but the file has ${length - 1}; fetch or copy it again`)
  await truncate(path, 20)
  expect(await refusal(path)).toMatch(/^truncated, the header has \d+ bytes but the file only 20/)
  await truncate(path, 5)
  expect(await refusal(path)).toMatch(/^truncated, 5 bytes/)
  await rm(path)
  expect(await refusal(path)).toMatch(/^could not be opened/)
})

test('a header that is none is refused', async () => {
  expect(await refusal(await craft('{"a": ', 0))).toMatch(/not JSON/)
  expect(await refusal(await craft('[1]', 0))).toMatch(/not a JSON object/)
  expect(await refusal(await craft({ __metadata__: { a: 1 } }, 0))).toMatch(/__metadata__/)
  const path = join(folder, 'text.safetensors')
  await writeFile(path, 'version https://git-lfs.github.com/spec/v1\n')
  expect(await refusal(path)).toMatch(/not a safetensors file/)
})

test('offsets that overlap, leave holes or do not fit the shape are refused', async () => {
  const tensor = (begin: number, end: number, size = 2): object => ({ dtype: 'F32', shape: [size], data_offsets: [begin, end] })
  expect(await refusal(await craft({ a: tensor(0, 8), b: tensor(4, 12) }, 12))).toMatch(/tensor b overlaps a/)
  expect(await refusal(await craft({ a: tensor(0, 8), b: tensor(12, 20) }, 20))).toMatch(/a hole of 4 bytes before tensor b/)
  expect(await refusal(await craft({ a: tensor(0, 8) }, 9))).toMatch(/1 bytes after the last tensor/)
  expect(await refusal(await craft({ a: tensor(0, 8, 3) }, 8))).toMatch(/tensor a: F32 of shape \[3\] takes 12 bytes/)
  expect(await refusal(await craft({ a: { dtype: 'F32', shape: [2], data_offsets: [8, 0] } }, 8))).toMatch(/tensor a/)
  expect(await refusal(await craft({ a: { dtype: 'F32', shape: [-2], data_offsets: [0, 8] } }, 8))).toMatch(/tensor a: bad shape/)
  expect(await refusal(await craft({ a: { dtype: 'F32', shape: [2] } }, 8))).toMatch(/tensor a: bad data_offsets/)
  expect(await refusal(await craft({ a: null }, 8))).toMatch(/tensor a: unknown dtype/)
})

test('an unknown type is refused by name, and a known one that holds no weights only when it is read', async () => {
  expect(await refusal(await craft({ a: { dtype: 'Q4', shape: [2], data_offsets: [0, 1] } }, 1))).toMatch(/tensor a: unknown dtype, "Q4"/)
  const path = await craft({ a: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } }, 8)
  expect(await refusal(path, 'a')).toMatch(/tensor a: dtype I64 is not readable/)
  expect(await refusal(path, 'b')).toBe('tensor b is missing')
})

test('a number that is not finite is named with its place', async () => {
  const path = join(folder, 'nan.safetensors')
  await writeSafetensors(path, [{ ...matrix, data: Float32Array.of(0, 1, 2, 3, NaN, 5) }])
  expect(await refusal(path, 'matrix')).toBe('tensor matrix: NaN at index [1,1] of shape [2,3]; these weights are damaged')
  await writeSafetensors(path, [{ ...matrix, data: Float32Array.of(0, 1, -Infinity, 3, 4, 5) }], { dtype: 'BF16' })
  expect(await refusal(path, 'matrix')).toMatch(/-Infinity at index \[0,2\]/)
})

test('a number that is not finite is found anywhere in a tensor of several pieces', async () => {
  const path = join(folder, 'spoilt.safetensors')
  const size = (1 << 18) + 7
  for (const [index, value] of [
    [0, NaN],
    [(1 << 18) - 2, Infinity],
    [1 << 18, -Infinity],
    [size - 1, NaN],
  ] as const) {
    for (const dtype of ['F32', 'F16', 'BF16'] as const) {
      const data = new Float32Array(size).fill(-3)
      data[index] = value
      await writeSafetensors(path, [vector, { name: 'long', shape: [size], data }], { dtype })
      expect(await refusal(path, 'long')).toBe(`tensor long: ${value} at index [${index}] of shape [${size}]; these weights are damaged`)
    }
  }
})

test('what cannot be held is not written, and the file from before stays', async () => {
  const path = join(folder, 'kept.safetensors')
  await writeSafetensors(path, [vector])
  const before = await readFile(path)
  await expect(writeSafetensors(path, [{ ...vector, data: Float32Array.of(1, 70_000) }], { dtype: 'F16' })).rejects.toThrow(
    /tensor vector: 70000 is too large for F16/,
  )
  await expect(writeSafetensors(path, [{ ...vector, shape: [3] }])).rejects.toThrow(/tensor vector has 2 values/)
  expect((await readFile(path)).equals(before)).toBe(true)
  expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([])
})

test('a write that fails is a StoreError and leaves nothing', async () => {
  await expect(writeSafetensors(join(folder, 'absent', 'x.safetensors'), [vector])).rejects.toThrow(StoreError)
})

test.runIf(existsSync('/dev/full'))('a full disk is a StoreError that says so', async () => {
  const path = join(folder, 'full')
  const fill = writeAtomically(path, async () => {
    await using full = await open('/dev/full', 'w')
    await full.writeFile('x')
  })
  await expect(fill).rejects.toThrow(`${path}: could not be written, no space left on the disk`)
  await expect(fill).rejects.toThrow(StoreError)
  expect(existsSync(path)).toBe(false)
})
