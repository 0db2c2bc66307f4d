import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RunEvent } from './events.ts'
import { EventLog, readLog } from './log.ts'

const timing = { at: '2026-01-01T00:00:00.000Z', session: 1 }
const hashes = { config: 'c', data: 'd', model: 'm' }
const events: readonly RunEvent[] = [
  { v: 1, seq: 0, type: 'started', package: 'tapo@0.1.0', steps: 2, config: { name: 'f\u00fcnf' }, hashes, timing },
  { v: 1, seq: 1, type: 'checkpoint', step: 1, directory: 'checkpoints/step-000001', files: [], timing },
  { v: 1, seq: 2, type: 'finished', steps: 2, timing },
]

function written(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'tapo-')), 'events.jsonl')
  const log = new EventLog(path, 0)
  for (const event of events) log.append(event)
  log.close()
  return path
}

test('a log holds what was added to it; an absent one holds nothing', () => {
  const path = written()
  expect(readLog(path)).toEqual({ events, bytes: readFileSync(path).length })
  expect(readLog(`${path}.absent`)).toEqual({ events: [], bytes: 0 })
})

test('cut off anywhere, it holds the events before the cut, and writing goes on from there', () => {
  const whole = readFileSync(written())
  const ends = [...whole.entries()].flatMap(([i, byte]) => (byte === 10 ? [i + 1] : []))
  const cuts = [0, ...ends.flatMap((end) => [end - 1, end, end + 1]), ...[...whole.keys()].filter((byte) => byte % 23 === 0)]
  for (const cut of cuts) {
    const path = written()
    writeFileSync(path, whole.subarray(0, cut))
    const complete = ends.filter((end) => end <= cut).length
    const { events: kept, bytes } = readLog(path)
    expect(kept).toEqual(events.slice(0, complete))
    const log = new EventLog(path, bytes)
    for (const event of events.slice(complete)) log.append(event)
    log.close()
    expect(readFileSync(path).equals(whole)).toBe(true)
  }
})

test('a last line of rubbish is torn too, one in the middle is an error with its line', () => {
  const path = written()
  appendFileSync(path, '\0\0\0\0\n')
  expect(readLog(path).events).toEqual(events)
  appendFileSync(path, 'more\n')
  expect(() => readLog(path)).toThrow(`${path}:4: not JSON`)
})

test('missing and doubled lines are errors', () => {
  const path = written()
  const [first, second, third] = readFileSync(path, 'utf8').trimEnd().split('\n')
  writeFileSync(path, `${first}\n${third}\n`)
  expect(() => readLog(path)).toThrow(`${path}:2: event 2 where 1 was expected`)
  writeFileSync(path, `${first}\n${second}\n${second}\n`)
  expect(() => readLog(path)).toThrow(`${path}:3: event 1 where 2 was expected`)
  writeFileSync(path, `${second?.replace('"seq":1', '"seq":0')}\n`)
  expect(() => readLog(path)).toThrow("the log must begin with 'started'")
})

test('what could not be read again is not written', () => {
  const path = written()
  const { bytes } = readLog(path)
  const log = new EventLog(path, bytes)
  const extra = { ...events[2]!, seq: 3, colour: 'red' }
  expect(() => log.append(extra)).toThrow(/a new event: not an event of this version of tapo[^]*colour/)
  log.close()
  expect(readLog(path)).toEqual({ events, bytes })
})
