/**
 * What the teacher of a divergence says where a bin's tokens are drawn: its last hidden states behind its own prompts, from which the
 * loss head makes its distributions. They are computed for one bin at a time and do not depend on what else is in it.
 */
import type { ModelConfig } from '../../model/config.ts'
import { headName } from '../../model/transformer.ts'
import type { Example } from '../../types.ts'
import type { Divergence } from '../engine.ts'
import { forwardPass } from './forward.ts'
import type { Tensors } from './optimizer-state.ts'
import { type Sequence, teachersView } from './packing.ts'
import type { Target, TargetRows } from './rows.ts'
import type { Feeds } from './session.ts'

export interface Teacher {
  /** What divergence-head.ts is fed: of these rows, whose targets count the examples. */
  feeds(weights: Tensors, examples: readonly Example[], rows: TargetRows, objective: Divergence): Promise<Feeds>
  dispose(): Promise<void>
}

export function teacherOf(config: ModelConfig, threads: number): Teacher {
  const { hiddenSize, vocabularySize } = config
  const pass = forwardPass(config, threads, (rows) => ({ hidden: rows }))
  return {
    async feeds(weights, examples, rows, { cap }) {
      const seen = taught(examples, rows.targets)
      const hidden = new Float32Array(rows.count * hiddenSize)
      await pass.run(weights, seen, ({ targets }, outputs) => {
        const states = outputs['hidden'] as Float32Array
        for (const { sequence, t, row } of targets) {
          const to = (seen[sequence] as Taught).rows.get(t) as number
          hidden.set(states.subarray(row * hiddenSize, (row + 1) * hiddenSize), to * hiddenSize)
        }
      })
      return {
        teacherHidden: { data: hidden, shape: [rows.count, hiddenSize] },
        teacherHead: { data: weights.get(headName(config)) as Float32Array, shape: [vocabularySize, hiddenSize] },
        cap: { data: Float32Array.of(cap), shape: [] },
      }
    },
    dispose: () => pass.dispose(),
  }
}

/** A sequence as the teacher sees it, and the row of each target. */
interface Taught extends Sequence {
  readonly targets: number[]
  readonly rows: Map<number, number>
}

function taught(examples: readonly Example[], targets: readonly Target[]): Taught[] {
  const views = new Map<number, Taught>()
  for (const { sequence, t, row } of targets) {
    const example = examples[sequence] as Example
    const view = views.get(sequence) ?? { ...teachersView(example), targets: [], rows: new Map<number, number>() }
    views.set(sequence, view)
    const seenAt = t - example.promptLength + view.promptLength
    view.targets.push(seenAt)
    view.rows.set(seenAt, row)
  }
  return [...views.values()]
}
