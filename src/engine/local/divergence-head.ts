/**
 * The loss head of a divergence over the whole vocabulary (loss-head.ts is that of the sampled token): both distributions, their terms and the
 * gradient, a chunk of rows at a time. M rows, V vocabulary, D width.
 */
import type { Direction } from '../engine.ts'
import { loop } from '../../graph/loop.ts'
import { add, exp, linear, logSoftmax, matmul, multiply, negate, reshape, subtract, sumLast } from '../../graph/ops.ts'
import { type Value, emit, emitMany, input, scalar } from '../../graph/value.ts'
import { chunkCutter, distribution, headSum, type LossHead, type RowInputs } from './loss-head.ts'

/** What the teacher says, and what its terms count at most. */
interface TeacherInputs {
  readonly hidden: Value // [M, D], 0 on padding
  readonly head: Value // [V, D]
  readonly cap: Value // nats
}

function teacherInputs(hidden: Value, head: Value): TeacherInputs {
  return { hidden: input('teacherHidden', hidden.shape), head: input('teacherHead', head.shape), cap: input('cap', []) }
}

/** hidden [M, D], head [V, D]. */
export function divergenceHead(hidden: Value, head: Value, { rows, direction }: { rows: RowInputs; direction: Direction }): LossHead {
  const teacher = teacherInputs(hidden, head)
  const { carried, stacked } = loop({
    rounds: rows.chunks,
    carried: [headSum.empty(head)],
    captured: [hidden, head, teacher.hidden, teacher.head, teacher.cap, rows.targets, rows.advantages, rows.chunkRows],
    round: (index, [sum], captured) => {
      const [h, weight, teacherHidden, teacherWeight, cap, targets, advantages, size] = captured as [
        Value,
        Value,
        Value,
        Value,
        Value,
        Value,
        Value,
        Value,
      ]
      const cut = chunkCutter(index, size)
      const x = cut(h)
      const { logprob, entropy, logs, probabilities } = distribution(x, weight, cut(targets))
      const { terms, slopes } = termsOf[direction](logSoftmax(linear(cut(teacherHidden), teacherWeight)), logs, probabilities)
      const within = emitMany('LessOrEqual', [terms, cap], [{ type: 'bool', shape: terms.shape }])[0] as Value
      const pulls = emit('Where', [within, slopes, scalar(0)], terms.shape)
      const gradient = multiply(subtract(pulls, multiply(probabilities, sumLast(pulls))), reshape(cut(advantages), ['m', 1]))
      const total = (of: Value): Value => reshape(sumLast(of), ['m'])
      return {
        carried: [headSum.add(sum as Value, gradient, x)],
        stacked: [logprob, entropy, total(terms), total(emit('Min', [terms, cap], terms.shape)), matmul(gradient, weight)],
      }
    },
  })
  const [logprobs, entropies, divergences, cappedDivergences, hiddenGradient] = stacked as [Value, Value, Value, Value, Value]
  return {
    outputs: { logprobs, entropies, divergences, cappedDivergences },
    hiddenGradient: reshape(hiddenGradient, ['M', hidden.shape[1] as number]),
    headGradient: headSum.gradient(carried[0] as Value),
  }
}

/** By vocabulary [m, V]: the terms, and their derivatives by the trained probability times that probability. */
interface Terms {
  readonly terms: Value
  readonly slopes: Value
}

/**
 * Of the teacher's and the trained log-probabilities, and the trained probabilities, [m, V]; engine.ts has the formulas. Of a mean,
 * log(P / M) = ln 2 - log(1 + Q / P), written so that nothing overflows. The runtime takes a logarithm of a whole array in one thread, while it
 * cuts Softplus by threads, which would round otherwise at the cuts.
 */
const termsOf: Readonly<Record<Direction, (teacher: Value, student: Value, probabilities: Value) => Terms>> = {
  forward(teacher, student) {
    const wanted = exp(teacher)
    return { terms: multiply(wanted, subtract(teacher, student)), slopes: negate(wanted) }
  },
  reverse(teacher, student, probabilities) {
    const terms = multiply(probabilities, subtract(student, teacher))
    return { terms, slopes: add(terms, probabilities) }
  },
  jsd(teacher, student, probabilities) {
    const apart = subtract(teacher, student)
    const near = emit('Log', [add(exp(negate(emit('Abs', [apart], apart.shape))), scalar(1))], apart.shape)
    const aboveMean = (other: Value): Value => subtract(scalar(Math.LN2), add(emit('Relu', [other], other.shape), near))
    const slopes = multiply(multiply(probabilities, aboveMean(apart)), scalar(0.5))
    return { terms: add(multiply(multiply(exp(teacher), aboveMean(negate(apart))), scalar(0.5)), slopes), slopes }
  },
}
