/** The writer that was chosen, with what it needs: the model's engine, a server, or nothing. */
import type { BuildParts } from '../../../coldstart/build.ts'
import type { Judging } from '../../../coldstart/corrections.ts'
import { chatEndpoint } from '../../../coldstart/endpoint.ts'
import { endpointWriter } from '../../../coldstart/endpoint-writer.ts'
import { selfWriter, taskWriter, type Writer } from '../../../coldstart/writers.ts'
import { localTrainer } from '../../../engine/local/trainer.ts'
import { UsageError } from '../../../errors.ts'
import { engineOptions } from '../../../experiments/assemble.ts'
import type { Prepared } from '../../../experiments/prepare.ts'
import { replySampling } from '../../../methods/synthesis.ts'
import { tapoDefaults } from '../../../methods/tapo.ts'
import type { Json } from '../../../store/events.ts'
import { hashFolder, hashJson } from '../../../store/hash.ts'
import { type Asked, askedOf } from '../../../store/ledger.ts'
import type { BuildOptions } from '../../commands/coldstart.ts'

export interface OpenWriter {
  readonly name: string // as rows tell it
  readonly asked: Asked // what its corrections depend on
  readonly writer: (spent: number) => Writer
  readonly close: () => Promise<void>
}

const FIRST_PAUSE_MS = 1000

export async function openWriter(prepared: Prepared, options: BuildOptions, { attempts }: BuildParts): Promise<OpenWriter> {
  const { config, task, tokenizer } = prepared
  const { minPrefixShare, reply } = config.method.kind === 'tapo' ? config.method : tapoDefaults
  const judging: Judging = { task, tokenizer, limits: { minPrefixShare, maxTokens: config.rollout.maxTokens } }
  const asked = (model: string): Asked => ({
    kind: `corrections by ${options.writer}`,
    config: { seed: config.seed, limits: judging.limits, reply } as unknown as Json,
    data: hashJson(askedOf(attempts) as unknown as Json),
    model,
  })
  switch (options.writer) {
    case 'task':
      return { name: 'task', asked: asked('task'), writer: () => taskWriter(judging), close: nothing }
    case 'self':
      return { ...(await selfOpened(prepared, judging, reply)), asked: asked(await hashFolder(prepared.model)) }
    case 'endpoint': {
      const { model, writer } = endpointOpened(options, judging, reply)
      return { name: model, asked: asked(model), writer, close: nothing }
    }
    default:
      return options.writer satisfies never
  }
}

type ReplyOptions = (typeof tapoDefaults)['reply']

async function selfOpened(
  { model, config, modelConfig }: Prepared,
  judging: Judging,
  reply: ReplyOptions,
): Promise<Omit<OpenWriter, 'asked'>> {
  const trainer = await localTrainer({ model, ...engineOptions(config) })
  const policy = await trainer.policy()
  const batch = config.rollout.problems * Math.max(1, config.rollout.groupSize)
  const { contextLength } = modelConfig
  return { name: 'self', writer: () => selfWriter(judging, { policy, batch, contextLength, reply }), close: () => trainer.close() }
}

function endpointOpened(
  { endpoint, endpointModel, keyVariable, concurrency, ceiling, timeout, retries }: BuildOptions,
  judging: Judging,
  reply: ReplyOptions,
): { readonly model: string; readonly writer: (spent: number) => Writer } {
  if (endpoint === undefined || endpointModel === undefined)
    throw new UsageError('--writer endpoint: name the server with --endpoint URL and its model with --endpoint-model NAME')
  if (!URL.canParse(endpoint)) throw new UsageError(`--endpoint ${endpoint}: not a URL, like http://127.0.0.1:8000/v1`)
  const key = process.env[keyVariable]
  const { temperature, maxTokens } = replySampling(judging.limits, { reply })
  const chat = chatEndpoint({
    baseUrl: endpoint,
    model: endpointModel,
    ...(key !== undefined && key !== '' && { key }),
    temperature,
    maxTokens,
    timeoutMs: 1000 * timeout,
    retries,
    pauseMs: FIRST_PAUSE_MS,
  })
  return { model: endpointModel, writer: (spent) => endpointWriter(judging, { chat, concurrency, ceiling, spent }) }
}

/** There is nothing to close. */
async function nothing(): Promise<void> {}
