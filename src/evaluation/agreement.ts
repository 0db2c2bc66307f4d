/**
 * Which answers agree, asked of the verifier for all groups at once: what a majority vote needs to know. Where a task can judge many beside
 * the work of this thread, it does so here. The vote itself is majority.ts's.
 */
import type { Group, Judge, Problem, Rollout, Verdict } from '../types.ts'

/** A distinct answer of a group, as the first attempt that gives it has it. */
interface Answer {
  readonly problem: Problem
  readonly rollout: Rollout
}

/**
 * The judge with the verdicts that a vote in each group asks for. Round by round the first answer of a group that is in no party founds one,
 * and all others without a party are held against it, so no pair is judged that a vote of one group after the other would not judge.
 */
export async function withAgreements<T extends Judge>(task: T, groups: readonly Group[]): Promise<T> {
  if (task.verifyMany === undefined) return task
  const known = new Map<string, Map<string, Verdict>>() // by text, which is long and there already, then by problem and answer
  const knownOf = (problem: Problem, text: string): Verdict | undefined => known.get(text)?.get(keyOf(problem))
  let open = groups.map(distinctAnswers).filter(isOpen)
  while (open.length > 0) {
    const pairs = open.flatMap(([founder, ...others]) => others.map((other) => pairOf(founder as Answer, other)))
    const verdicts = await task.verifyMany(pairs)
    for (const [index, [problem, text]] of pairs.entries()) {
      const ofText = known.get(text) ?? new Map<string, Verdict>()
      known.set(text, ofText.set(keyOf(problem), verdicts[index] as Verdict))
    }
    open = open.map(([founder, ...others]) => others.filter((other) => knownOf(...pairOf(founder as Answer, other))?.reward !== 1))
    open = open.filter(isOpen)
  }
  return { ...task, verify: (problem, text) => knownOf(problem, text) ?? task.verify(problem, text) }
}

/** Whether there are two answers that nobody has compared. */
function isOpen({ length }: readonly Answer[]): boolean {
  return length > 1
}

function distinctAnswers({ problem, rollouts }: Group): Answer[] {
  const byText = new Map<string, Answer>()
  for (const rollout of rollouts) {
    const { answer } = rollout.verdict
    if (answer !== undefined && !byText.has(answer)) byText.set(answer, { problem, rollout })
  }
  return [...byText.values()]
}

/** The question whether an answer is the founder's. */
function pairOf({ problem, rollout }: Answer, other: Answer): readonly [Problem, string] {
  return [{ ...problem, answer: rollout.verdict.answer as string }, other.rollout.text]
}

function keyOf({ id, answer }: Problem): string {
  return JSON.stringify([id, answer])
}
