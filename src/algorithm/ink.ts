/** Text without its white space: the measure in which an attempt and its repetition are compared. Counts are of UTF-16 units. */

const space = /\s/

/** How much of a text is not white space. */
export function ink(text: string): number {
  return text.replaceAll(/\s/g, '').length
}

/** The ink before each position of a text, [length + 1]. */
export function inkBefore(text: string): Int32Array {
  const before = new Int32Array(text.length + 1)
  for (let i = 0; i < text.length; i++) before[i + 1] = before[i]! + (space.test(text[i]!) ? 0 : 1)
  return before
}

/** The first position with `count` ink behind it; the text's length when it has less. */
export function positionOfInk(text: string, count: number): number {
  let position = 0
  for (let seen = 0; seen < count && position < text.length; position++) if (!space.test(text[position]!)) seen++
  return position
}

/** The ink that two texts share from their beginnings, in whole code points. */
export function sharedInk(a: string, b: string): number {
  const [left, right] = [a.replaceAll(/\s/g, ''), b.replaceAll(/\s/g, '')]
  let shared = 0
  while (shared < left.length) {
    const point = left.codePointAt(shared)!
    if (point !== right.codePointAt(shared)) break
    shared += point > 0xffff ? 2 : 1
  }
  return shared
}
