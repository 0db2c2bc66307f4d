/**
 * The shape of the tree, as docs/architecture.md states it: rooms in one order, each importing only from rooms above it; purity of
 * the algorithms; size of files; and documents that name only paths that exist. It reads source text and runs none of it.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import { expect, test } from 'vitest'

/** Rooms from the bottom of the import order to the top. A room is a folder of src/ or some files of it. */
const ROOMS: readonly (readonly string[])[] = [
  ['types.ts', 'random.ts', 'errors.ts', 'schedule.ts'],
  ['text'],
  ['algorithm'],
  ['graph'],
  ['model'],
  ['engine'],
  ['data'],
  ['tasks'],
  ['methods'],
  ['rollout'],
  ['store'],
  ['evaluation'],
  ['train.ts'],
  ['coldstart'],
  ['config'],
  ['experiments'],
  ['grids'],
  ['report'],
  ['index.ts'],
  ['cli'],
]

const ROOT = join(import.meta.dirname, '..')
const files = ['src', 'scripts', 'bench'].flatMap(filesBelow).filter((path) => /\.(ts|mjs)$/.test(path))
const modules = files.filter((path) => path.startsWith('src/') && !/\.test\.ts$|\/fixtures\//.test(path))

test('each room imports only from itself and from rooms above it', () => {
  const wrong = modules.flatMap((path) =>
    importsOf(path).flatMap((target) => (roomOf(target) <= roomOf(path) ? [] : [`${path} imports ${target}`])),
  )
  expect(wrong).toEqual([])
})

test('the algorithms are pure and synchronous', () => {
  const effects = /\b(async|await|Promise|Date|performance|process|fetch|setTimeout|globalThis)\b|Math\.random|node:/
  expect(modules.filter((path) => path.startsWith('src/algorithm/') && effects.test(codeOf(path)))).toEqual([])
})

test('the loop has under 120 lines and names no method, engine or task', () => {
  const names = [...moduleNames('src/methods', 'method'), ...moduleNames('src/engine', 'engine'), ...moduleNames('src/tasks', 'task')]
  const loop = codeOf('src/train.ts')
  expect(names.filter((name) => new RegExp(`\\b${name}\\b`, 'i').test(loop))).toEqual([])
  expect(linesOf('src/train.ts')).toBeLessThan(120)
})

test('no file has over 300 lines', () => {
  expect(files.filter((path) => linesOf(path) > 300)).toEqual([])
})

test('every path that a document names exists', () => {
  const documents = ['README.md', 'CONTRIBUTING.md', ...filesBelow('docs')].filter(
    (path) => path.endsWith('.md') && existsSync(join(ROOT, path)),
  )
  const missing = documents.flatMap((path) =>
    pathsIn(read(path)).flatMap((named) => (existsSync(join(ROOT, named)) ? [] : [`${path} names ${named}`])),
  )
  expect(missing).toEqual([])
})

/** Index of the room of a path below src/. */
function roomOf(path: string): number {
  const room = ROOMS.findIndex((names) => names.includes(path.split('/')[1] ?? ''))
  if (room < 0) throw new Error(`${path}: belongs to no room; name its room in src/rooms.test.ts and in docs/architecture.md`)
  return room
}

/** Modules of the tree that a module imports, types included. */
function importsOf(path: string): string[] {
  const specifiers = [...codeOf(path).matchAll(/(?:\bfrom|\bimport|\bimport\(|new URL\()\s*'(\.[^']*)'/g)].map(
    (match) => match[1] as string,
  )
  return specifiers.map((specifier) => posix.join(posix.dirname(path), specifier)).filter((target) => target.startsWith('src/'))
}

/** What a room's modules are called: file and folder names below it, without the room's own interface. */
function moduleNames(folder: string, itself: string): string[] {
  const names = readdirSync(join(ROOT, folder)).map((name) => name.replace(/\.ts$/, ''))
  return names.filter((name) => name !== itself && /^[a-z0-9-]+$/.test(name))
}

/** Paths in backticks that start with a folder of the project, and what links point to. */
function pathsIn(document: string): string[] {
  const named = /`((?:src|scripts|bench|docs|starter|\.ci)\/[\w./-]*)`|\]\((?!https?:|#)([\w./-]+)\)/g
  return [...document.matchAll(named)].map(([, inTicks, linked]) => (inTicks ?? linked) as string)
}

/** A file's text without comments. */
function codeOf(path: string): string {
  return read(path).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|\s\/\/ .*$/gm, '')
}

function linesOf(path: string): number {
  return read(path).trimEnd().split('\n').length
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** Paths of files below a folder of the project, with forward slashes; build results left out. */
function filesBelow(folder: string): string[] {
  const entries = existsSync(join(ROOT, folder)) ? readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }) : []
  return entries.map((entry) => `${folder}/${entry.split(sep).join('/')}`).filter((path) => !/\/(dist|node_modules)\//.test(path))
}
