/** Graded answers to the problems of a set as figures, each with its interval. Pure. */
import { fold, type Seed } from '../random.ts'
import type { Group, Judge, Rollout } from '../types.ts'
import { bootstraps } from './bootstrap.ts'
import { isMajorityRight } from './majority.ts'
import { passAtK, powersUpTo } from './pass-at-k.ts'
import { type ReflectionRates, reflectionRates } from './reflection-rates.ts'
import { type Interval, wilson } from './wilson.ts'

/** Of one set of problems. Shares in [0, 1], lengths in tokens; intervals are 95 %. */
export interface Figures {
  readonly name: string
  readonly samples: number
  readonly problems: readonly string[] // ids
  readonly right: readonly number[] // right answers of `samples`, for each problem
  readonly passAt1: Interval // Wilson over all answers: the sampling's own uncertainty, these problems taken as given
  readonly passAt1OverProblems: Interval // bootstrap over problems: includes that other problems could have been drawn
  readonly passAtK: readonly (Interval & { readonly k: number })[] // 1, 2, 4 ... samples; bootstrap over problems
  readonly majority: Interval // problems whose most frequent answer is right; Wilson
  readonly greedy?: Interval // accuracy at temperature 0, Wilson
  readonly reflection?: ReflectionRates
  readonly meanLength: Interval // bootstrap over problems
  readonly truncatedShare: Interval // answers that met the token limit; Wilson
  readonly undecidedShare: Interval // answers of which the verifier could not tell; Wilson
  readonly sampledTokens: number
}

export interface FigureOptions {
  readonly name: string
  readonly task: Judge
  readonly samples: number
  readonly seed: Seed
  readonly reflects?: (text: string) => boolean
}

const bootstrapStream = 1 // fold(seed, 0, problem) samples answers

/** `greedy`: one attempt at each problem at temperature 0. */
export function figuresOf(groups: readonly Group[], greedy: readonly Group[] | undefined, options: FigureOptions): Figures {
  const { name, task, samples, seed, reflects } = options
  const answers = groups.flatMap((group) => group.rollouts)
  const right = groups.map(rightOf)
  const share = (test: (answer: Rollout) => boolean): Interval => wilson(answers.filter(test).length, answers.length)
  const ks = powersUpTo(samples)
  const columns = [
    right.map((count) => count / samples),
    groups.map(({ rollouts }) => tokensOf(rollouts) / rollouts.length),
    ...ks.map((k) => right.map((count) => passAtK(samples, count, k))),
  ]
  const [overProblems, meanLength, ...curve] = bootstraps(columns, fold(seed, bootstrapStream)) as [Interval, Interval, ...Interval[]]
  return {
    name,
    samples,
    problems: groups.map(({ problem }) => problem.id),
    right,
    passAt1: share(isRight),
    passAt1OverProblems: overProblems,
    passAtK: ks.map((k, i) => ({ k, ...(curve[i] as Interval) })),
    majority: wilson(groups.filter((group) => isMajorityRight(group, task)).length, groups.length),
    ...(greedy && { greedy: wilson(greedy.filter((group) => rightOf(group) === 1).length, greedy.length) }),
    ...(reflects && { reflection: reflectionRates(answers.map((each) => ({ right: isRight(each), reflects: reflects(each.text) }))) }),
    meanLength,
    truncatedShare: share(({ completion }) => completion.end === 'length'),
    undecidedShare: share(({ verdict }) => verdict.undecided === true),
    sampledTokens: tokensOf(answers),
  }
}

/** Every figure by its name in a log; an interval has the ends `Low` and `High`. Those that do not exist are left out. */
export function namedFigures({
  passAt1,
  passAt1OverProblems,
  passAtK: curve,
  greedy,
  reflection,
  ...others
}: Figures): Record<string, number> {
  const { majority, meanLength, truncatedShare, undecidedShare } = others
  const intervals: Record<string, Interval> = {
    passAt1,
    passAt1OverProblems,
    ...Object.fromEntries(curve.filter(({ k }) => k > 1).map((each) => [`passAt${each.k}`, each])),
    majority,
    ...(greedy && { greedy }),
    ...reflection,
    meanLength,
    truncatedShare,
    undecidedShare,
  }
  const named = Object.entries(intervals).flatMap(([name, { value, low, high }]): [string, number][] => [
    [name, value],
    [`${name}Low`, low],
    [`${name}High`, high],
  ])
  return Object.fromEntries([...named, ['sampledTokens', others.sampledTokens] as const].filter(([, value]) => !Number.isNaN(value)))
}

function rightOf(group: Group): number {
  return group.rollouts.filter(isRight).length
}

function isRight({ verdict }: Rollout): boolean {
  return verdict.reward === 1
}

function tokensOf(rollouts: readonly Rollout[]): number {
  return rollouts.reduce((sum, { completion }) => sum + completion.tokens.length, 0)
}
