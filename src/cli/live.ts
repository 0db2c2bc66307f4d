/** A line at the bottom of the terminal that is redrawn while work goes on, under lines that stay. Where nothing can be redrawn, only those. */
import type { Terminal } from './terminal.ts'
import { widthOf } from './views/paint.ts'

const REDRAW_MS = 200

export interface Live {
  /** A line that stays. */
  print(line: string): void
  /** What the bottom line shows from now on, asked anew at each redrawing. */
  show(line: () => string): void
  /** Takes the bottom line away. */
  end(): void
}

/** Nothing to redraw. */
function ignore(): void {}

export function live({ isLive, width }: Pick<Terminal, 'isLive' | 'width'>, stream: NodeJS.WritableStream = process.stdout): Live {
  if (!isLive) return { print: (line) => void stream.write(`${line}\n`), show: ignore, end: ignore }
  let current: (() => string) | undefined
  const clear = '\r\u001b[2K'
  const draw = (): void => {
    const line = current?.() ?? ''
    stream.write(`${clear}${widthOf(line) < width ? line : ''}`)
  }
  const timer = setInterval(draw, REDRAW_MS)
  timer.unref()
  return {
    print(line) {
      stream.write(`${clear}${line}\n`)
      draw()
    },
    show(line) {
      current = line
      draw()
    },
    end() {
      clearInterval(timer)
      current = undefined
      stream.write(clear)
    },
  }
}
