/** The compiled graphs of training, each made when first needed. The runtime keeps the memory of a graph's activations as long as its session. */
import type { Value } from '../../graph/value.ts'
import type { ModelConfig } from '../../model/config.ts'
import { attentionForm } from './attention.ts'
import type { LossKind } from './loss-head.ts'
import { activationBytes, keptLayers, LARGE_BYTES } from './memory.ts'
import { type Session, compile } from './session.ts'
import type { Stream } from './stream.ts'
import { layerGradientGraph, layerGraph, lossGraph } from './training-graph.ts'
import type { PassPart, PassSessions } from './training-pass.ts'

export interface TrainingSessions {
  /** For this bin: activations are kept of as many layers as the limit allows, for the largest bin so far. */
  get(kind: LossKind, stream: Stream): Promise<PassSessions>
  /** Gives up sessions that have held large activations: compiling them again is little beside the work of such a model. */
  rest(): Promise<void>
  dispose(): Promise<void>
}

export function trainingSessions(config: ModelConfig, limitBytes: number, threads: number): TrainingSessions {
  const sessions = new Map<string, Promise<Session>>()
  let kept = config.layers
  let largest = 0 // bytes of activations so far
  const dispose = async (): Promise<void> => {
    const given = [...sessions.values()]
    sessions.clear()
    for (const each of given) await (await each).dispose()
  }
  return {
    async get(kind, stream) {
      const fitting = keptLayers(config, stream, limitBytes)
      if (fitting < kept) {
        await dispose()
        kept = fitting
      }
      largest = Math.max(largest, activationBytes(config, stream, Math.max(1, kept)))
      const [form, cut] = [attentionForm(stream), config.layers - kept]
      const graphs: Record<PassPart, () => Record<string, Value>> = {
        layer: () => layerGraph(config, form),
        layerGradient: () => layerGradientGraph(config, form),
        loss: () => lossGraph(config, { kind, form, first: cut }),
      }
      const session = (part: PassPart): Promise<Session> => {
        const key = `${part} ${form} ${part === 'loss' ? kind : ''}`
        const found = sessions.get(key) ?? compile(graphs[part](), { threads })
        sessions.set(key, found)
        return found
      }
      return { cut, session }
    },
    async rest() {
      if (largest < LARGE_BYTES) return
      await dispose()
      kept = config.layers
      largest = 0
    },
    dispose,
  }
}
