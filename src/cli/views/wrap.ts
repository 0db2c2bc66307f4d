/** Text and painted pieces of text set in lines of a given width. Pure. */
import { type Paint, plain, type Style } from './paint.ts'

export interface Piece {
  readonly text: string
  readonly style?: Style | readonly Style[]
}

/** Lines of at most `width` columns, broken between words where that is possible; a line end in the text ends the line. */
export function wrapPieces(pieces: readonly Piece[], width: number, paint: Paint): string[] {
  const lines: string[] = ['']
  let column = 0
  for (const word of wordsOf(pieces)) {
    const length = word.reduce((sum, { text }) => sum + text.length, 0)
    const [first] = word
    const isBreak = first?.text === '\n'
    const isSpace = /^\s/.test(first?.text ?? '')
    if (isBreak || (column > 0 && !isSpace && column + length > width)) {
      lines.push('')
      column = 0
    }
    if (isBreak || (isSpace && (column === 0 || column + length > width))) continue
    lines[lines.length - 1] += word.map(({ text, style }) => (style === undefined ? text : paint(style, text))).join('')
    column += length
  }
  return lines
}

/** Runs of white space, line ends, and words, which may consist of several pieces. */
function wordsOf(pieces: readonly Piece[]): Piece[][] {
  const words: Piece[][] = []
  let isOpen = false
  for (const { text, style } of pieces) {
    for (const part of text.match(/\n|[^\S\n]+|\S+/g) ?? []) {
      const piece: Piece = style === undefined ? { text: part } : { text: part, style }
      if (isOpen && /^\S/.test(part)) words.at(-1)?.push(piece)
      else words.push([piece])
      isOpen = /^\S/.test(part)
    }
  }
  return words
}

/** Lines of a text without style. */
export function wrapText(text: string, width: number): string[] {
  return wrapPieces([{ text }], width, plain).map((line) => line.trimEnd())
}

/** A label in front of the first line, the others indented under it. */
export function labelled(label: string, lines: readonly string[], indent: number): string {
  return lines.map((line, i) => `${i === 0 ? label.padEnd(indent) : ' '.repeat(indent)}${line}`.trimEnd()).join('\n')
}
