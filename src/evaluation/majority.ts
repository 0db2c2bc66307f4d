/** Majority vote: the answer that most attempts at a problem agree on. Pure. */
import type { Group, Judge, Rollout } from '../types.ts'

interface Party {
  readonly first: Rollout // speaks for it
  votes: number
}

/**
 * Whether the most frequent answer is right; of equally frequent ones the first. Two answers agree where the verifier takes one for the
 * other, so that 1/2 and 0.5 are one answer. Attempts without an answer do not vote, and nobody's vote is wrong.
 */
export function isMajorityRight({ problem, rollouts }: Group, task: Pick<Judge, 'verify'>): boolean {
  const parties: Party[] = []
  const byText = new Map<string, Party>()
  for (const rollout of rollouts) {
    const { answer } = rollout.verdict
    if (answer === undefined) continue
    const agrees = ({ first }: Party): boolean =>
      task.verify({ ...problem, answer: first.verdict.answer as string }, rollout.text).reward === 1
    const party = byText.get(answer) ?? parties.find(agrees) ?? founded(parties, rollout)
    byText.set(answer, party)
    party.votes += 1
  }
  const winner = parties.reduce<Party | undefined>(
    (best, party) => (best === undefined || party.votes > best.votes ? party : best),
    undefined,
  )
  return winner?.first.verdict.reward === 1
}

function founded(parties: Party[], first: Rollout): Party {
  const party = { first, votes: 0 }
  parties.push(party)
  return party
}
