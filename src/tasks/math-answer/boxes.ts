/** The `\boxed{}` of a text: the last one, with those that stand beside it. */

export interface Box {
  readonly text: string // inside of the braces
  readonly start: number
  readonly end: number // behind the closing brace
}

/** What may stand between two boxes of one answer, any number of times: white space, commas, `and`, a name with an equals sign. */
const joint =
  /^(?:[\s$.,;:&]|\\(?:text|mbox)\s*\{\s*(?:and|or|,|;)?\s*\}|\\(?:quad|qquad|[,;!()[\]\\])|\b(?:and|or)\b|[a-zA-Z](?:_\{?\d\}?)?\s*=)*$/i
const longestJoint = 60 // characters

/** The boxes of the text's last answer: the last one that is not empty, and before it all that only a joint separates from it. */
export function lastBoxes(text: string): Box[] {
  const found = boxesOf(text)
  const filled = found.filter(({ text: inside }) => inside.trim() !== '')
  const boxes = filled.length > 0 ? filled : found
  let first = boxes.length - 1
  while (first > 0 && isJoint(text, (boxes[first - 1] as Box).end, (boxes[first] as Box).start)) first -= 1
  return boxes.slice(Math.max(0, first))
}

function isJoint(text: string, start: number, end: number): boolean {
  return end - start <= longestJoint && joint.test(text.slice(start, end))
}

/** Every box that stands in no other box, in order. One that never closes ends with its line. */
function boxesOf(text: string): Box[] {
  const boxes: Box[] = []
  let left = 200_000 // characters that may be looked through for closing braces, so that boxes that never close stay cheap
  const opening = /\\(?:boxed|fbox|framebox)(?![a-zA-Z])(?:\[[^\]]{0,20}\])*\s*/g
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const inside = opening.lastIndex
    const end = text[inside] === '{' ? closingOf(text, inside, left) : undefined
    left -= (end ?? inside + longestBox) - inside
    const box =
      end === undefined
        ? { text: (/^\{?([^\n$]*)/.exec(text.slice(inside, inside + 3000))?.[1] ?? '').trim(), start: found.index, end: inside + 1 }
        : { text: text.slice(inside + 1, end), start: found.index, end: end + 1 }
    boxes.push(text[inside] === '{' ? signed(text, box) : { ...box, text: /^\\?[a-zA-Z]+|^\d+|^./.exec(box.text)?.[0] ?? '' })
    opening.lastIndex = Math.max(box.end, inside)
  }
  return boxes
}

/** With a minus sign right before the box, and a power right behind it. */
function signed(text: string, box: Box): Box {
  const minus = /(?:^|[\s$(=:])[-\u2212]$/.test(text.slice(Math.max(0, box.start - 2), box.start)) ? '-' : ''
  if (/(?:\bnot|\\neq?|\u2260)\s*\$?\s*$/.test(text.slice(Math.max(0, box.start - 12), box.start)))
    return { ...box, text: `\\ne ${box.text}` }
  const power = /^\^(?:\{[^{}]{1,20}\}|\\circ|\w)/.exec(text.slice(box.end, box.end + 24))?.[0] ?? ''
  return minus === '' && power === '' ? box : { ...box, text: `${minus}{${box.text}}${power}` }
}

const longestBox = 20_000 // characters

/** Where the brace that opens at `start` closes, within `left` characters. */
function closingOf(text: string, start: number, left: number): number | undefined {
  let depth = 0
  for (let at = start; at < Math.min(text.length, start + Math.min(longestBox, left)); at++) {
    const sign = text[at]
    if (sign === '\\') at += 1
    else if (sign === '{') depth += 1
    else if (sign === '}') {
      depth -= 1
      if (depth === 0) return at
    }
  }
  return undefined
}
