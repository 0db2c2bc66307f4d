/**
 * A micro-reflective trajectory to look at: kept prefix, diagnosis and correction each in a colour of its own, every token as bright as its
 * suppression weight is high. Pure.
 */
import type { TrajectoryParts } from '../../report/specimen.ts'
import { printable } from './format.ts'
import type { Paint, Style } from './paint.ts'
import { labelled, type Piece, wrapPieces } from './wrap.ts'

const PARTS = [
  { key: 'prefix', label: 'kept prefix', hue: 'cyan' },
  { key: 'diagnosis', label: 'diagnosis', hue: 'yellow' },
  { key: 'correction', label: 'correction', hue: 'green' },
] as const

type Hue = (typeof PARTS)[number]['hue']

const LABEL_WIDTH = 20

/** The three parts, each with its mean weight (which is all that is left of the shades without colour). */
export function trajectoryText(parts: TrajectoryParts, width: number, paint: Paint): string {
  return PARTS.map(({ key, label, hue }) => {
    const tokens = parts[key]
    const pieces = tokens.map(({ text, weight }): Piece => ({ text: printable(text), style: shade(hue, weight) }))
    const lines = wrapPieces(pieces, width - LABEL_WIDTH, paint)
    const mean = tokens.reduce((sum, { weight }) => sum + weight, 0) / tokens.length
    const said = tokens.length === 0 ? label : `${label.padEnd(13)}${mean.toFixed(2)}`
    return labelled(said, lines, LABEL_WIDTH).replace(label, paint(hue, label))
  }).join('\n')
}

/** What the shades mean. */
export function shadeLegend(width: number, paint: Paint): string {
  const samples = [0.01, 0.3, 1, 3].flatMap((weight, i): Piece[] => [
    { text: i === 0 ? ' ' : ', ', style: 'dim' },
    { text: LEVELS[levelOf(weight)] as string, style: shade('green', weight) },
  ])
  return wrapPieces([{ text: 'each token as bright as its suppression weight:', style: 'dim' }, ...samples], width, paint).join('\n')
}

const LEVELS = ['under 0.1', 'under 0.5', 'about 1', 'over 1.5']

function levelOf(weight: number): number {
  return [0.1, 0.5, 1.5].filter((border) => weight >= border).length
}

function shade(hue: Hue, weight: number): readonly Style[] {
  const bright = `${hue}Bright` as const
  return ([[hue, 'dim'], [hue], [bright], [bright, 'bold']] as const)[levelOf(weight)] ?? [hue]
}
