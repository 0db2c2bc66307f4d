/** One draw from a distribution, by a uniform number: pure, so that a token depends on nothing but its probabilities and its address. */
import type { Sampling } from '../engine.ts'

export interface Draw {
  readonly token: number
  readonly logprob: number // under the distribution it was drawn from, natural log
}

type Truncation = Pick<Sampling, 'temperature' | 'topK' | 'topP' | 'minP'>

/** From probabilities [V] at the sampling temperature. Temperature 0 takes the likeliest, the first of equals. `u` is in [0, 1). */
export function draw(probabilities: Float32Array, u: number, sampling: Truncation): Draw {
  if (sampling.temperature === 0) return { token: likeliest(probabilities), logprob: 0 }
  if (sampling.topK === 0 && sampling.topP === 1 && sampling.minP === 0) return drawAll(probabilities, u)
  const kept = truncated(probabilities, sampling)
  const total = kept.reduce((sum, token) => sum + (probabilities[token] as number), 0)
  let below = 0
  const token = kept.find((candidate) => (below += probabilities[candidate] as number) > u * total) ?? (kept.at(-1) as number)
  return { token, logprob: Math.log((probabilities[token] as number) / total) }
}

function drawAll(probabilities: Float32Array, u: number): Draw {
  let total = 0
  for (let token = 0; token < probabilities.length; token++) total += probabilities[token]!
  const goal = u * total
  let below = 0
  let last = 0
  for (let token = 0; token < probabilities.length; token++) {
    const p = probabilities[token]!
    if (p === 0) continue
    last = token
    below += p
    if (below > goal) break
  }
  return { token: last, logprob: Math.log(probabilities[last]! / total) }
}

function likeliest(probabilities: Float32Array): number {
  let best = 0
  for (let token = 1; token < probabilities.length; token++) if (probabilities[token]! > probabilities[best]!) best = token
  return best
}

/** The tokens that survive top-k, then top-p, then min-p, likeliest first; ties by token. At least one. */
function truncated(probabilities: Float32Array, { topK, topP, minP }: Truncation): number[] {
  const needless = topK > 0 ? 0 : topP < 1 ? (1 - topP) / probabilities.length : minP * (probabilities[likeliest(probabilities)] as number)
  const candidates: number[] = []
  probabilities.forEach((p, token) => {
    if (p > 0 && p >= needless * (1 - 1e-6)) candidates.push(token) // what is below cannot survive: less to sort
  })
  candidates.sort((a, b) => (probabilities[b] as number) - (probabilities[a] as number) || a - b)
  const top = topK > 0 ? candidates.slice(0, topK) : candidates
  const mass = topK > 0 ? top.reduce((sum, token) => sum + (probabilities[token] as number), 0) : 1
  let before = 0
  const nucleus = top.filter((token) => {
    const inside = topP === 1 || before < topP * mass
    before += probabilities[token] as number
    return inside
  })
  const least = minP * (probabilities[nucleus[0] as number] as number)
  return nucleus.filter((token) => (probabilities[token] as number) >= least)
}
