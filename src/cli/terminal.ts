/** What is known of the place that a command writes to: read once, then handed down. */
import { coloured, type Paint, plain } from './views/paint.ts'

export interface Terminal {
  readonly paint: Paint
  readonly width: number // columns
  readonly isLive: boolean // lines may be redrawn
}

const DEFAULT_WIDTH = 100

/** Of stdout. Colour only in a terminal, and never with NO_COLOR; FORCE_COLOR forces it. */
export function terminal(stream: NodeJS.WriteStream = process.stdout, environment: NodeJS.ProcessEnv = process.env): Terminal {
  const isTerminal = stream.isTTY
  const forced = environment['FORCE_COLOR']
  const isColoured = !environment['NO_COLOR'] && (forced === undefined ? isTerminal && environment['TERM'] !== 'dumb' : forced !== '0')
  const width = Math.max(40, Math.min(stream.columns || DEFAULT_WIDTH, 120))
  return { paint: isColoured ? coloured : plain, width, isLive: isTerminal && environment['TERM'] !== 'dumb' }
}
