/** A real model's log-probabilities against those of PyTorch. TAPO_SMOLLM2 names the model's folder, TAPO_SMOLLM2_GOLDEN the reference numbers. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readCheckpoint } from '../../model/checkpoint.ts'
import { scoring } from './scoring.ts'

interface Golden {
  readonly cases: readonly {
    readonly ids: readonly number[]
    readonly next_logprob: readonly number[]
    readonly entropy: readonly number[]
  }[]
}

const { TAPO_SMOLLM2: folder, TAPO_SMOLLM2_GOLDEN: golden } = process.env

test.skipIf(folder === undefined || golden === undefined)(
  'SmolLM2 gives the reference log-probabilities and entropies (needs TAPO_SMOLLM2 and TAPO_SMOLLM2_GOLDEN)',
  async () => {
    const { cases } = JSON.parse(readFileSync(golden as string, 'utf8')) as Golden
    const { config, tensors } = await readCheckpoint(folder as string)
    const engine = scoring(config, 2)
    const scores = await engine.score(
      tensors,
      cases.map(({ ids }) => ({ tokens: Int32Array.from(ids), from: 1 })),
    )
    let [logprob, entropy] = [0, 0]
    cases.forEach((each, i) => {
      each.next_logprob.forEach((value, t) => (logprob = Math.max(logprob, Math.abs(value - (scores[i]?.logprobs[t + 1] as number)))))
      each.next_logprob.forEach(
        (_, t) => (entropy = Math.max(entropy, Math.abs((each.entropy[t] as number) - (scores[i]?.entropies[t + 1] as number)))),
      )
    })
    process.stdout.write(`largest difference: log-probability ${logprob.toExponential(1)}, entropy ${entropy.toExponential(1)}\n`)
    expect(logprob).toBeLessThan(1e-3)
    expect(entropy).toBeLessThan(1e-3)
    await engine.dispose()
  },
)
