/** Bytes to lines, in memory of one piece and one line: where each line stands and what it holds. It knows no file and no text. */
const PIECE_BYTES = 1 << 20
const NEWLINE = 10
const RETURN = 13
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

export interface Line {
  readonly number: number // 1 is the first
  readonly offset: number // bytes before it; a byte order mark is before the first
  readonly end: number // bytes up to and including its line end
  readonly isWhole: boolean // has a line end; the last one may have none
  readonly bytes: Buffer | undefined // without its line end, until the next piece is asked for; undefined where it is too long to be held
}

export interface Splitter {
  /** Where to put the next piece: its beginning or all of it. */
  room(): Buffer
  /** The lines that end in the first `size` bytes of that room; all are to be taken before the next piece. */
  take(size: number): Generator<Line, void>
  /** What stands behind the last line end, where something does. */
  rest(): Line | undefined
}

/** A line of more than `mostBytes` is told of and not held. */
export function lineSplitter(mostBytes: number = Infinity): Splitter {
  let buffer = Buffer.allocUnsafe(2 * PIECE_BYTES)
  let offset = 0 // of the buffer's first byte, from where the first piece began
  let from = 0 // of the line that has not ended
  let to = 0 // behind the last piece
  let dropped = 0 // bytes of that line that are not held
  let number = 0

  /** Ends the line before `at`. */
  function ended(at: number, isWhole: boolean): Line {
    const isMarked = number === 0 && dropped === 0 && BYTE_ORDER_MARK.equals(buffer.subarray(from, Math.min(from + 3, at)))
    const start = isMarked ? from + 3 : from
    const stop = at > start && buffer[at - 1] === RETURN ? at - 1 : at
    const bytes = dropped === 0 && stop - start <= mostBytes ? buffer.subarray(start, stop) : undefined
    const line = { number: ++number, offset: offset + start - dropped, end: offset + at + (isWhole ? 1 : 0), isWhole, bytes }
    from = at + 1
    dropped = 0
    return line
  }

  return {
    room() {
      const isTooLong = to - from > mostBytes
      const held = isTooLong ? 0 : to - from
      if (isTooLong) dropped += to - from
      else buffer.copyWithin(0, from, to)
      offset += to - held
      from = 0
      to = held
      if (buffer.length - to < PIECE_BYTES) buffer = Buffer.concat([buffer], 2 * buffer.length)
      return buffer.subarray(to, to + PIECE_BYTES)
    },
    *take(size) {
      const before = to
      to += size
      const held = buffer.subarray(0, to)
      for (let at = held.indexOf(NEWLINE, before); at >= 0; at = held.indexOf(NEWLINE, from)) yield ended(at, true)
    },
    rest() {
      return to > from || dropped > 0 ? ended(to, false) : undefined
    },
  }
}
