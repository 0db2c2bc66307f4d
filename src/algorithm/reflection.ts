/**
 * Reading a synthesis reply: `<analysis> ... </analysis> <reconstruction> ... </reconstruction>`. This file finds the parts and
 * what must not stand in them; whether the reconstruction really begins with the attempt is prefix.ts's question.
 */
import type { Ending } from '../types.ts'
import { leakPhrases } from './leak-phrases.ts'
import { type Refused, refused } from './refusal.ts'
import { tags } from './tags.ts'

export interface Reflection {
  readonly kind: 'reflection'
  readonly analysis: string // trimmed; empty where the reply has none: it is logged, not trained [I]
  readonly reconstruction: string // as written, white space included
}

/** The parts of a reply. What stands after `</reconstruction>` does not matter, nor how the reply ended once that is there. */
export function parseReflection(reply: string, end: Ending): Reflection | Refused {
  const { open, close } = tags.reconstruction
  const analysisEnd = reply.indexOf(tags.analysis.close)
  const start = reply.indexOf(open, Math.max(analysisEnd, 0)) // an analysis may speak of the tags
  const stop = start < 0 ? -1 : reply.indexOf(close, start)
  if (stop < 0 && end === 'length') return refused('truncated')
  if (start < 0) return refused('no-tags')
  if (stop < 0) return refused('unclosed-tag')
  const before = reply.slice(0, analysisEnd < 0 ? start : analysisEnd)
  return {
    kind: 'reflection',
    analysis: before.replace(tags.analysis.open, '').trim(),
    reconstruction: reply.slice(start + open.length, stop),
  }
}

/** Whether text betrays that a right solution was in view, or that it is a reply to instructions: a leak phrase or a tag inside. */
export function leaks(text: string): boolean {
  const plain = text.toLowerCase().replaceAll(/\s+/g, ' ')
  const marks = Object.values(tags).flatMap(({ open, close }) => [open, close])
  return [...leakPhrases, ...marks].some((phrase) => plain.includes(phrase))
}
