/** The verdict on a cold start as a person reads it: what was wanted, what was found, and what to do. Pure. */
import { type Finding, gate, type Verdict } from '../../coldstart/verdict.ts'
import { percent, percentInterval } from './format.ts'
import type { Paint } from './paint.ts'

export interface VerdictPlace {
  readonly directory: string // of the run
  readonly command: string // 'tapo'
}

export function verdictText({ passes, findings, measured }: Verdict, { directory, command }: VerdictPlace, paint: Paint): string {
  const { problems, eligible, constructions, reflecting } = measured
  const tried = `${constructions.tried} corrections tried${constructions.undecided > 0 ? `, ${constructions.undecided} undecided` : ''}`
  const asked = `${problems} development problems, ${eligible} of them in the zone; ${tried}, ${reflecting.answers} answers reflect`
  const word = passes ? paint(['green', 'bold'], 'passes') : paint(['red', 'bold'], 'is not ready')
  const next = passes ? `next: ${command} train <experiment> --model ${directory}` : 'before any RL, do what is said above'
  return [`${paint('bold', 'cold start')} ${word}  ${paint('dim', asked)}`, ...findings.map((each) => findingText(each, paint)), next].join(
    '\n',
  )
}

/** Said before the first step of a method that constructs from a start whose verdict is that RL may not begin. */
export function notReadyText({ findings }: Verdict, directory: string, paint: Paint): string {
  const shortcomings = findings.filter(({ holds }) => !holds)
  const heading = `warning: ${directory} is a cold start that is not ready: RL unlearns reflection that does not pay`
  return [paint('yellow', heading), ...shortcomings.map((each) => findingText(each, paint))].join('\n')
}

function findingText({ name, found, wanted, holds, advice }: Finding, paint: Paint): string {
  const value = found === null ? 'nothing to measure' : name === 'accuracy' ? points(found) : percentInterval(found)
  const mark = holds ? paint('green', 'ok') : paint('red', 'no')
  const line = `${mark}  ${LABELS[name].padEnd(36)}${value.padEnd(28)}${paint('dim', wantedText(name, wanted))}`
  return holds ? line : `${line}\n    ${advice}`
}

const LABELS: Readonly<Record<Finding['name'], string>> = {
  parsed: 'corrections that nothing refuses',
  right: 'of all tried: kept prefix and right',
  reflecting: 'reflecting answers that are right',
  accuracy: 'accuracy against the base',
}

function wantedText(name: Finding['name'], wanted: number | null): string {
  switch (name) {
    case 'parsed':
    case 'right':
      return `wanted ${percent(wanted ?? 0, 0)}`
    case 'reflecting':
      return wanted === null ? 'no others at the same problems' : `others at the same problems ${percent(wanted)}`
    case 'accuracy':
      return `at most ${100 * gate.lost} points lost, or within chance`
    default:
      return name satisfies never
  }
}

function points({ value, low, high }: { readonly value: number; readonly low: number; readonly high: number }): string {
  const signed = (share: number): string => `${share < 0 ? '' : '+'}${(100 * share).toFixed(1)}`
  return `${signed(value)} points [${signed(low)}, ${signed(high)}]`
}
