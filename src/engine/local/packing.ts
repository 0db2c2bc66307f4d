/**
 * From sequences to units of a stream (stream.ts). Sequences with the same prompt become one unit, so that the prompt is
 * computed once. A token is predicted from the place of the token before it, so an answer's segment begins with the
 * prompt's last token and ends before the last target: every target has a place of its own. Where company may change from call
 * to call, a single answer is laid out like one of many, so that its numbers do not depend on it; a step's company is given, and
 * there a prompt's only answer is one row with it, which needs a third of the attention.
 *
 *     sequence   P0 P1 P2 | A0 A1 A2        targets A0 A1 A2
 *     context    P0 P1
 *     segment         P2   A0 A1            predicts A0 A1 A2
 */
import { flat } from '../../algorithm/flat.ts'
import type { Example } from '../../types.ts'
import type { Segment, Unit } from './stream.ts'

export const UNIT_TOKENS = 1024 // a group larger than this becomes several units, each with the prompt

/** A sequence of which some tokens are predicted. */
export interface Sequence {
  readonly tokens: Int32Array // [T]
  readonly promptLength: number
  readonly targets: readonly number[] // ascending, each >= max(1, promptLength) and < T; at least one
}

/** One predicted token and the place that predicts it. */
export interface Target {
  readonly sequence: number // index into the sequences given
  readonly t: number
  readonly segment: number // within the unit
  readonly offset: number // within the segment
}

export interface SequenceUnit extends Unit {
  readonly targets: readonly Target[]
}

/** An example's answer behind the prompt that the teacher of a divergence sees. */
export function teachersView({ tokens, promptLength, teacherPrompt }: Example): Pick<Sequence, 'tokens' | 'promptLength'> {
  if (teacherPrompt === undefined) return { tokens, promptLength }
  return { tokens: flat(teacherPrompt, tokens.subarray(promptLength)), promptLength: teacherPrompt.length }
}

/** The units of a step's sequences, those with the longest segments first, which keeps attention rows of one width together. */
export function stepUnits(sequences: readonly Sequence[]): SequenceUnit[] {
  return unitsOf(sequences, ({ length }) => length > 1)
}

/** The units of sequences whose company may be another next time. */
export function sequenceUnits(sequences: readonly Sequence[]): SequenceUnit[] {
  return unitsOf(sequences, () => true)
}

function unitsOf(sequences: readonly Sequence[], sharing: (members: readonly number[]) => boolean): SequenceUnit[] {
  const groups = new Map<string, number[]>()
  sequences.forEach((sequence, index) => {
    const key = sequence.promptLength < 2 ? `#${index}` : sequence.tokens.subarray(0, sequence.promptLength).join()
    groups.set(key, [...(groups.get(key) ?? []), index])
  })
  const units = [...groups.values()].flatMap((members) => {
    const [first] = members as [number, ...number[]]
    const canShare = (sequences[first] as Sequence).promptLength >= 2 && sharing(members)
    return canShare ? shared(sequences, members) : [alone(sequences, first)]
  })
  const widest = (unit: Unit): number => Math.max(...unit.segments.map((segment) => segment.tokens.length))
  return units.toSorted((a, b) => widest(b) - widest(a))
}

function alone(sequences: readonly Sequence[], index: number): SequenceUnit {
  return unitOf([segmentOf(sequences[index] as Sequence, 0, -1)], [{ sequences, index, segment: 0, start: 0 }])
}

function shared(sequences: readonly Sequence[], members: readonly number[]): SequenceUnit[] {
  const units: SequenceUnit[] = []
  let answers: number[] = []
  let size = Infinity
  const close = (): void => {
    if (answers.length > 0) units.push(group(sequences, answers))
    answers = []
  }
  for (const index of members) {
    const { targets, promptLength } = sequences[index] as Sequence
    const length = (targets.at(-1) as number) - promptLength + 1
    if (size + length > UNIT_TOKENS) close()
    size = answers.length === 0 ? promptLength + length : size + length
    answers.push(index)
  }
  close()
  return units
}

function group(sequences: readonly Sequence[], members: readonly number[]): SequenceUnit {
  const { tokens, promptLength } = sequences[members[0] as number] as Sequence
  const start = promptLength - 1
  const context: Segment = { tokens: tokens.subarray(0, start), position: 0, context: -1 }
  const segments = members.map((index) => segmentOf(sequences[index] as Sequence, start, 0))
  return unitOf(
    [context, ...segments],
    members.map((index, i) => ({ sequences, index, segment: i + 1, start })),
  )
}

/** The tokens from `start` up to before the last target. */
function segmentOf({ tokens, targets }: Sequence, start: number, context: number): Segment {
  return { tokens: tokens.subarray(start, targets.at(-1)), position: start, context }
}

interface Member {
  readonly sequences: readonly Sequence[]
  readonly index: number
  readonly segment: number
  readonly start: number
}

function unitOf(segments: readonly Segment[], members: readonly Member[]): SequenceUnit {
  const targets = members.flatMap(({ sequences, index, segment: place, start }) =>
    (sequences[index] as Sequence).targets.map((t): Target => ({ sequence: index, t, segment: place, offset: t - 1 - start })),
  )
  return { segments, targets, size: segments.reduce((sum, { tokens }) => sum + tokens.length, 0) }
}
