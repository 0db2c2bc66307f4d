import { PassThrough } from 'node:stream'
import { WriteStream } from 'node:tty'
import { expect, test } from 'vitest'
import { DataError, UsageError } from '../errors.ts'
import { exitCodeOf, failureText } from './failure.ts'
import { live } from './live.ts'
import { terminal } from './terminal.ts'
import { plain } from './views/paint.ts'
import { quoted, resumeCommand, trainCommand } from './work/invocation.ts'

/** A stream as wide as a terminal. */
const stream = (isTTY: boolean, columns: number): NodeJS.WriteStream =>
  Object.assign(Object.create(WriteStream.prototype) as NodeJS.WriteStream, { isTTY, columns })

const isColoured = (isTTY: boolean, environment: NodeJS.ProcessEnv): boolean => terminal(stream(isTTY, 80), environment).paint !== plain

test('colour is for terminals, and NO_COLOR is respected', () => {
  expect(isColoured(true, {})).toBe(true)
  expect(isColoured(false, {})).toBe(false)
  expect(isColoured(true, { NO_COLOR: '1' })).toBe(false)
  expect(isColoured(true, { NO_COLOR: '' })).toBe(true)
  expect(isColoured(false, { FORCE_COLOR: '1' })).toBe(true)
  expect(isColoured(true, { FORCE_COLOR: '0' })).toBe(false)
  expect(isColoured(true, { TERM: 'dumb' })).toBe(false)
  expect([terminal(stream(true, 500), {}).width, terminal(stream(true, 20), {}).width]).toEqual([120, 40])
})

test('lines stay, the bottom line is redrawn; without a terminal there is no bottom line', () => {
  const said = (isLive: boolean): string => {
    const out = new PassThrough()
    const view = live({ isLive, width: 80 }, out)
    view.show(() => 'working')
    view.print('done')
    view.end()
    return String(out.read()).replaceAll('\u001b[2K', '').replaceAll('\r', '<')
  }
  expect(said(true)).toBe('<working<done\n<working<')
  expect(said(false)).toBe('done\n')
})

test('a bottom line that does not fit is left out, since it could not be taken away', () => {
  const out = new PassThrough()
  const view = live({ isLive: true, width: 5 }, out)
  view.show(() => 'too long')
  view.end()
  expect(String(out.read())).not.toContain('too long')
})

test('an error of ours is its message, another says that it is not the person', () => {
  expect(failureText(new DataError('a.jsonl:3: not JSON'), false)).toBe('tapo: a.jsonl:3: not JSON')
  expect(failureText(new TypeError('x'), false)).toMatch(/^tapo: internal: x; set TAPO_DEBUG=1/)
  expect(failureText(new DataError('outer', { cause: new Error('inner') }), true)).toMatch(
    /DataError: outer\n[\s\S]*caused by Error: inner/,
  )
  expect([exitCodeOf(new UsageError('')), exitCodeOf(new DataError('')), exitCodeOf('')]).toEqual([2, 1, 1])
})

test('commands are written so that a shell reads them back', () => {
  expect([quoted('runs/a-1'), quoted("it's"), quoted('a b')]).toEqual(['runs/a-1', String.raw`'it'\''s'`, "'a b'"])
  const options = { model: 'my model', seed: 2, set: ['rollout.stop=[a]'] }
  expect(trainCommand('quick', options)).toMatch(/tapo train quick --model 'my model' --seed 2 --set 'rollout.stop=\[a\]'$/)
  expect(resumeCommand('quick', 'runs/a', {})).toMatch(/tapo train quick --out runs\/a --resume$/)
})
