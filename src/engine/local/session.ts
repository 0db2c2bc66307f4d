/** A compiled graph: onnxruntime-node behind typed arrays. The one file that knows the runtime. `run` blocks its thread. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { encodeModel } from '../../graph/onnx.ts'
import type { Value } from '../../graph/value.ts'
import { EngineError } from '../../errors.ts'
import { withoutTelemetry } from './telemetry.ts'

export type TensorData = Float32Array | Int32Array | BigInt64Array

export interface Feed {
  readonly data: TensorData
  readonly shape: readonly number[]
}

export type Feeds = Readonly<Record<string, Feed>>

export interface SessionOptions {
  readonly threads: number
  readonly spin?: boolean // threads wait awake for the next kernel: faster for small kernels, slower for large ones and on a busy machine
  readonly weights?: ReadonlyMap<string, Float32Array> // for `external` values; the session keeps its own packed copy
  readonly profile?: string // a file prefix: writes one trace of every kernel, for tuning
}

export interface Session {
  run(feeds: Feeds): Promise<Readonly<Record<string, Float32Array>>>
  dispose(): Promise<void>
}

const TYPES = { Float32Array: 'float32', Int32Array: 'int32', BigInt64Array: 'int64' } as const

/** Compiles the graph behind `outputs`. Throws EngineError when the runtime refuses it. */
export async function compile(
  outputs: Readonly<Record<string, Value>>,
  { threads, spin = false, weights, profile }: SessionOptions,
): Promise<Session> {
  withoutTelemetry()
  const external = [...(weights ?? [])].map(([path, data]) => ({
    path,
    data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  }))
  const session = await InferenceSession.create(encodeModel(outputs), {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    enableMemPattern: false, // the runtime would keep a plan of its memory for every shape of the inputs that it ever saw
    extra: { session: { intra_op: { allow_spinning: spin ? '1' : '0' } } },
    ...(external.length === 0 ? {} : { externalData: external }),
    ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
  }).catch((cause: unknown) => {
    throw new EngineError(`onnxruntime: refused a graph, ${String(cause)}`, { cause })
  })
  const asked = new Set(session.inputNames)
  return {
    async run(feeds) {
      const given = Object.entries(feeds).filter(([name]) => asked.has(name))
      const results = await session.run(Object.fromEntries(given.map(([name, feed]) => [name, tensor(feed)]))).catch((cause: unknown) => {
        throw new EngineError(`onnxruntime: a graph failed, ${String(cause)}`, { cause })
      })
      return Object.fromEntries(Object.entries(results).map(([name, result]) => [name, result.data as Float32Array]))
    },
    async dispose() {
      await session.release()
    },
  }
}

function tensor({ data, shape }: Feed): Tensor {
  return new Tensor(TYPES[data.constructor.name as keyof typeof TYPES], data, shape)
}
