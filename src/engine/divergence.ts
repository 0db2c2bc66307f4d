/**
 * What `Divergence` means for one token, in plain numbers: the reference for every engine, and all that the scripted one does. V is the
 * vocabulary.
 */
import { EngineError } from '../errors.ts'
import type { Direction, Divergence } from './engine.ts'

export interface TokenDivergence {
  readonly capped: number // sum of the terms, each at most the cap: what is minimized
  readonly whole: number // sum of the terms as they are
  readonly gradient: Float64Array // [V], of `capped` by the trained distribution's logits
}

/** One term, and its derivative by the trained probability times that probability. */
interface Term {
  readonly value: number
  readonly slope: number
}

const terms: Readonly<Record<Direction, (teacher: number, student: number) => Term>> = {
  forward(teacher, student) {
    const p = Math.exp(teacher)
    return { value: p * (teacher - student), slope: -p }
  },
  reverse(teacher, student) {
    const p = Math.exp(student)
    const value = p * (student - teacher)
    return { value, slope: value + p }
  },
  jsd(teacher, student) {
    const [p, q] = [Math.exp(teacher), Math.exp(student)]
    const top = Math.max(teacher, student)
    const middle = top + Math.log((Math.exp(teacher - top) + Math.exp(student - top)) / 2)
    return { value: (p * (teacher - middle) + q * (student - middle)) / 2, slope: (q * (student - middle)) / 2 }
  },
}

/** Throws: the engine has weights of this version no more. */
export function missingTeacher({ teacher }: Divergence): never {
  throw new EngineError(`training step: the teacher is version ${teacher}, which is neither the current one nor held by a policy`)
}

/** Of two distributions as natural log-probabilities [V]. The gradient is e - S * sum(e), with e the slopes of the terms within the cap. */
export function divergenceOf(
  teacher: Float64Array,
  student: Float64Array,
  { direction, cap }: Pick<Divergence, 'direction' | 'cap'>,
): TokenDivergence {
  const slopes = new Float64Array(student.length)
  let [capped, whole, total] = [0, 0, 0]
  for (let v = 0; v < student.length; v++) {
    const { value, slope } = terms[direction](teacher[v]!, student[v]!)
    whole += value
    capped += Math.min(value, cap)
    if (value > cap) continue
    slopes[v] = slope
    total += slope
  }
  return { capped, whole, gradient: slopes.map((slope, v) => slope - Math.exp(student[v]!) * total) }
}
