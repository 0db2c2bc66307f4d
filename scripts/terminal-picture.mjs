/**
 * Turns what a terminal showed into an SVG, for README.md: reads a capture (text with escape sequences) from stdin, writes the picture
 * to stdout. It knows what the command line writes, colours, bold, faint and lines drawn again, and no more of a
 * terminal. Most lines of a run's steps are left out.
 *
 *     script -qec 'stty cols 100; npm start' capture.txt && node scripts/terminal-picture.mjs < capture.txt > docs/terminal.svg
 */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const CELL = { width: 8.4, height: 19, font: 14 } // pixels
const MARGIN = 20
const PLAIN = { color: undefined, background: undefined, bold: false, faint: false, italic: false, underline: false }
const SCREEN = { background: '#10151c', text: '#d6dde6', font: "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" }
const PALETTE =
  '#1c2430 #ff6b6b #5fd38d #f2c14e #6cb6ff #d59bf6 #4fd6d2 #d6dde6 #5c6773 #ff8f8f #86e6ab #ffd980 #94caff #e6bdff #86ebe7 #ffffff'.split(
    ' ',
  )

/** An escape sequence, the start of a line, its end, or a character. */
const TOKEN = new RegExp(String.raw`\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\r|\n|[^\x1b\r\n]`, 'gu')

/** The screen after a capture: rows of cells `{ char, style }`. */
export function screen(capture) {
  const rows = [[]]
  const at = { row: 0, column: 0 }
  let style = PLAIN
  for (const [token] of capture.matchAll(TOKEN)) {
    if (token === '\n') at.row += 1
    if (token === '\n' || token === '\r') at.column = 0
    else if (!token.startsWith('\x1b')) put(rows, at, { char: token, style })
    else if (token.endsWith('m')) style = styled(style, numbers(token))
    else move(rows, at, token)
  }
  return rows.map((row) => Array.from(row, (cell) => cell ?? { char: ' ', style: PLAIN }))
}

function put(rows, at, cell) {
  while (rows.length <= at.row) rows.push([])
  rows[at.row][at.column] = cell
  at.column += 1
}

/** Cursor up, to the line's start, to a column; erase to the end of a line or of the screen. Anything else has no picture. */
function move(rows, at, token) {
  const count = numbers(token).find((number) => number > 0) ?? 1
  const row = rows[at.row] ?? []
  if (token.endsWith('A')) at.row = Math.max(0, at.row - count)
  if (token.endsWith('G')) at.column = count - 1
  if (token === '\x1b[2K') row.length = 0
  if (token === '\x1b[K' || token === '\x1b[0K' || token.endsWith('J')) row.length = Math.min(row.length, at.column)
  if (token.endsWith('J')) rows.length = Math.min(rows.length, at.row + 1)
}

function numbers(token) {
  return token.slice(2, -1).split(';').map(Number)
}

/** A style after an SGR sequence. */
function styled(style, [code = 0, ...rest]) {
  if (code === 38 || code === 48) {
    const [color, after] = extendedColor(rest)
    return after.length > 0 ? styled(painted(style, code, color), after) : painted(style, code, color)
  }
  const next = simple(style, code)
  return rest.length > 0 ? styled(next, rest) : next
}

function painted(style, code, color) {
  return code === 38 ? { ...style, color } : { ...style, background: color }
}

/** `5;n` or `2;r;g;b`: the colour, and what follows it. */
function extendedColor([kind, a, b, c, ...rest]) {
  if (kind === 2) return [`rgb(${a},${b},${c})`, rest]
  return [indexed(a), [b, c, ...rest].filter((number) => number !== undefined)]
}

/** The 256 colours: 16 of the palette, a cube of 6 x 6 x 6, 24 greys. */
function indexed(index) {
  if (index < 16) return PALETTE[index]
  if (index >= 232) return `rgb(${Array(3).fill(8 + 10 * (index - 232))})`
  const level = (step) => (step === 0 ? 0 : 55 + 40 * step)
  const cube = index - 16
  return `rgb(${[Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level)})`
}

function simple(style, code) {
  const switches = {
    0: PLAIN,
    1: { bold: true },
    2: { faint: true },
    3: { italic: true },
    4: { underline: true },
    22: { bold: false, faint: false },
  }
  const more = { 23: { italic: false }, 24: { underline: false }, 39: { color: undefined }, 49: { background: undefined } }
  if (code in switches) return { ...style, ...switches[code] }
  if (code in more) return { ...style, ...more[code] }
  if (code >= 30 && code <= 37) return { ...style, color: PALETTE[code - 30] }
  if (code >= 90 && code <= 97) return { ...style, color: PALETTE[code - 82] }
  if (code >= 40 && code <= 47) return { ...style, background: PALETTE[code - 40] }
  if (code >= 100 && code <= 107) return { ...style, background: PALETTE[code - 92] }
  return style
}

/** The lines of a run's steps, but for the first and the last few, as one line of dots. */
function folded(rows) {
  const isStep = (row) => /^(step|checkpoint) /.test(row.map(({ char }) => char).join(''))
  const first = rows.findIndex(isStep)
  const last = rows.findLastIndex(isStep)
  if (last - first < 10) return rows
  const dots = Array.from('...', (char) => ({ char, style: { ...PLAIN, faint: true } }))
  return [...rows.slice(0, first + 4), dots, ...rows.slice(last - 3)]
}

/** The picture of a screen. */
export function picture(rows) {
  const columns = Math.max(80, ...rows.map((row) => row.length))
  const [width, height] = [Math.ceil(columns * CELL.width) + 2 * MARGIN, rows.length * CELL.height + 2 * MARGIN]
  const lines = rows.flatMap((row, at) => runs(row).map((run) => drawn(run, MARGIN + at * CELL.height)))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="a terminal">`,
    `<rect width="100%" height="100%" rx="10" fill="${SCREEN.background}"/>`,
    `<g font-family="${SCREEN.font}" font-size="${CELL.font}" fill="${SCREEN.text}" xml:space="preserve">`,
    ...lines,
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

/** Neighbours of one style as `{ column, text, style }`, parted at wide gaps so that columns line up in any font; blanks without a background are left out. */
function runs(row) {
  const all = []
  for (const [column, { char, style }] of row.entries()) {
    const last = all.at(-1)
    const gap = !style.background && char !== ' ' && last?.text.endsWith('  ')
    if (last && !gap && last.key === JSON.stringify(style)) last.text += char
    else all.push({ column, text: char, style, key: JSON.stringify(style) })
  }
  return all.map(trimmedRun).filter(({ text }) => text !== '')
}

/** A run without blanks at its end, and at its start, where nothing is seen of them. */
function trimmedRun({ column, text, style }) {
  if (style.background) return { column, text, style }
  return { column: column + text.length - text.trimStart().length, text: text.trim(), style }
}

function drawn({ column, text, style }, top) {
  const [x, width] = [MARGIN + column * CELL.width, [...text].length * CELL.width].map((size) => size.toFixed(1))
  const back = style.background ? `<rect x="${x}" y="${top}" width="${width}" height="${CELL.height}" fill="${style.background}"/>` : ''
  const attributes = [
    style.color ? ` fill="${style.color}"` : '',
    style.bold ? ' font-weight="bold"' : '',
    style.faint ? ' opacity="0.6"' : '',
    style.italic ? ' font-style="italic"' : '',
    style.underline ? ' text-decoration="underline"' : '',
  ].join('')
  return `${back}<text x="${x}" y="${top + 14}" textLength="${width}"${attributes}>${escaped(text)}</text>`
}

function escaped(text) {
  return text.replace(/[&<>]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[letter])
}

/** A capture of `npm start` without what `script` and npm write around it, under the command that was typed. */
function shown(capture) {
  const output = capture
    .split(/> node scripts[^\n]*\n\s*/)
    .at(-1)
    .replace(/^Script (started|done).*\n?/gm, '')
  return `\x1b[2m$\x1b[22m npm start\n\n${output.trimEnd()}`
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) process.stdout.write(picture(folded(screen(shown(readFileSync(0, 'utf8'))))))
