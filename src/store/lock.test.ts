import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isLocked, takeLock } from './lock.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'tapo-'))

test('a folder has one holder, and is free again when it lets go', () => {
  const directory = folder()
  const release = takeLock(directory)
  expect(isLocked(directory)).toBe(true)
  expect(() => takeLock(directory)).toThrow(`this folder is in use, by process ${process.pid} on ${hostname()}`)
  release()
  expect(isLocked(directory)).toBe(false)
  takeLock(directory)()
})

test('the lock of a process that was killed is taken over', async () => {
  const directory = folder()
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(child, 'spawn')
  writeFileSync(join(directory, 'lock'), JSON.stringify({ pid: child.pid, host: hostname(), birth: birthOf(child.pid) }))
  expect(() => takeLock(directory)).toThrow(`by process ${child.pid}`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(isLocked(directory)).toBe(false)
  const release = takeLock(directory)
  expect(JSON.parse(readFileSync(join(directory, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid })
  release()
  expect(existsSync(join(directory, 'lock'))).toBe(false)
})

test.skipIf(process.platform !== 'linux')('a later process with the same number is not the holder', () => {
  const directory = folder()
  writeFileSync(join(directory, 'lock'), JSON.stringify({ pid: process.pid, host: hostname(), birth: 'another boot 1' }))
  expect(isLocked(directory)).toBe(false)
  takeLock(directory)()
})

test.skipIf(process.platform !== 'linux')('a folder that takes no lock is named', () => {
  expect(() => takeLock('/proc')).toThrow('/proc: could not be written, ENOENT')
})

test('what a kill left of the taking of a lock goes with the next holder, and what a live process is about to do stays', () => {
  const directory = folder()
  const left = join(directory, `lock.${hostname()}-1234567`)
  const live = join(directory, 'lock.elsewhere-1')
  writeFileSync(left, JSON.stringify({ pid: process.pid, host: hostname(), birth: 'another boot 1' }))
  writeFileSync(live, JSON.stringify({ pid: 1, host: 'elsewhere', birth: '' }))
  takeLock(directory)()
  expect(readdirSync(directory)).toEqual(['lock.elsewhere-1'])
})

test('a lock from another machine is respected', () => {
  const directory = folder()
  writeFileSync(join(directory, 'lock'), JSON.stringify({ pid: 1, host: 'elsewhere', birth: '' }))
  expect(() => takeLock(directory)).toThrow('by process 1 on elsewhere')
})

test('an unreadable lock is respected while it is young and taken over when it is old', () => {
  const directory = folder()
  const path = join(directory, 'lock')
  writeFileSync(path, '')
  expect(() => takeLock(directory)).toThrow('by an unknown process')
  utimesSync(path, new Date(0), new Date(0))
  takeLock(directory)()
})

/** As lock.ts writes it. */
function birthOf(pid: number | undefined): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
  } catch {
    return ''
  }
}
