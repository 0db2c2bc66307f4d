/** Colour as a function that is handed down, so that every view is text in, text out. Without colour a painter changes nothing. */
import { styleText } from 'node:util'

export type Style = Extract<Parameters<typeof styleText>[0], string>

/** The text in a style, or in several. */
export type Paint = (style: Style | readonly Style[], text: string) => string

export const plain: Paint = (_, text) => text

export const coloured: Paint = (style, text) =>
  text === '' ? text : styleText(typeof style === 'string' ? style : [...style], text, { validateStream: false })

const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

/** Columns that a painted text takes. */
export function widthOf(text: string): number {
  return text.replaceAll(escapes, '').length
}

/** Padded to `width` columns; numbers look better with the padding in front. */
export function padded(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return side === 'left' ? text + space : space + text
}
