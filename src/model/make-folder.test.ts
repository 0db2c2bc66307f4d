import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { StoreError } from '../errors.ts'
import { makeFolder, removeFolders } from './make-folder.ts'

const place = mkdtempSync(join(tmpdir(), 'tapo-'))

test('a folder is made with those above it, and what was made can be taken away again', () => {
  const made = makeFolder(join(place, 'a', 'b', 'c'))
  expect(made).toEqual([join(place, 'a'), join(place, 'a', 'b'), join(place, 'a', 'b', 'c')])
  expect(makeFolder(join(place, 'a', 'b'))).toEqual([])
  removeFolders(made)
  expect(existsSync(join(place, 'a'))).toBe(false)
})

test('a made folder that is in use by now stays, with those around it', () => {
  const made = makeFolder(join(place, 'd', 'e', 'f'))
  mkdirSync(join(place, 'd', 'e', 'mine'))
  removeFolders(made)
  expect([existsSync(join(place, 'd', 'e', 'mine')), existsSync(join(place, 'd', 'e', 'f'))]).toEqual([true, false])
})

test.skipIf(process.platform !== 'linux')('below /proc it ends, and says what is in the way', () => {
  expect(() => makeFolder('/proc/x/y')).toThrow(StoreError)
  expect(() => makeFolder('/proc/x/y')).toThrow('/proc/x/y: this folder cannot be made, /proc takes no new folder (ENOENT); choose another')
})

test('a file, a broken link or too long a name in the way is named, and nothing stays', () => {
  const file = join(place, 'file')
  writeFileSync(file, '')
  for (const path of [file, join(file, 'x', 'y')]) expect(() => makeFolder(path)).toThrow(`cannot be made, ${file} is not a folder; choose`)
  const link = join(place, 'link')
  symlinkSync(join(place, 'nowhere'), link)
  expect(() => makeFolder(join(link, 'x'))).toThrow(`${link} is not a folder`)
  expect(() => makeFolder(join(place, 'g', 'x'.repeat(300), 'y'))).toThrow(`${join(place, 'g')} takes no new folder (ENAMETOOLONG)`)
  expect(existsSync(join(place, 'g'))).toBe(false)
})
