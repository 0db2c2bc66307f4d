/** The compiled graphs of training, each made when first needed. The runtime keeps the memory of a graph's activations as long as its session. */
import type { ModelConfig } from '../../model/config.ts'
import { type AttentionForm, attentionForm } from './attention.ts'
import { layerwiseSession } from './layerwise.ts'
import type { LossKind } from './loss-head.ts'
import { activationBytes, LARGE_BYTES } from './memory.ts'
import { type Session, compile } from './session.ts'
import type { Stream } from './stream.ts'
import { trainingGraph } from './training-graph.ts'

export interface TrainingSessions {
  /** For this bin: the whole graph, or layer by layer where all activations at once would take more than the limit. */
  get(kind: LossKind, stream: Stream): Promise<Session>
  /** Gives up sessions that have held large activations: compiling them again is little beside the work of such a model. */
  rest(): Promise<void>
  dispose(): Promise<void>
}

export function trainingSessions(config: ModelConfig, limitBytes: number, threads: number): TrainingSessions {
  const sessions = new Map<string, Promise<Session>>()
  let largest = 0 // bytes of activations so far
  const make = (kind: LossKind, whole: boolean, form: AttentionForm): Promise<Session> =>
    whole ? compile(trainingGraph(config, kind, form), { threads }) : layerwiseSession(config, { kind, form, threads })
  const dispose = async (): Promise<void> => {
    const given = [...sessions.values()]
    sessions.clear()
    largest = 0
    for (const session of given) await (await session).dispose()
  }
  return {
    get(kind, stream) {
      const whole = activationBytes(config, stream) <= limitBytes
      const form = attentionForm(stream)
      largest = Math.max(largest, activationBytes(config, stream, whole ? config.layers : 1))
      const key = `${kind} ${whole} ${form}`
      const session = sessions.get(key) ?? make(kind, whole, form)
      sessions.set(key, session)
      return session
    },
    rest: () => (largest < LARGE_BYTES ? Promise.resolve() : dispose()),
    dispose,
  }
}
