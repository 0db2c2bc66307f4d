/** Every setting of a grid: those that all runs share, and what each method changes of them. Pure. */
import { isDeepStrictEqual } from 'node:util'
import { stringify } from 'yaml'
import type { Design } from '../grids/grid.ts'
import type { Json } from '../store/events.ts'

export interface Settings {
  readonly title: string
  readonly text: string // YAML
}

/** The configuration of the first table's reference in full, then of every other method what differs. The seed and the name are the run's own. */
export function settingsOf({ cells, comparisons, arms }: Design): Settings[] {
  const configOf = (arm: string): Record<string, Json> => {
    const { name: _, seed: __, ...config } = (cells.find((cell) => cell.arm === arm)?.config ?? {}) as Record<string, Json>
    return config
  }
  const reference = comparisons[0]?.reference ?? ''
  const base = configOf(reference)
  const others = arms.filter(({ name }) => name !== reference && cells.some(({ arm }) => arm === name))
  return [
    { title: `Every run, as ${reference} has it`, text: stringify(base).trimEnd() },
    ...others.map(({ name }) => ({ title: `What ${name} changes`, text: stringify(changed(base, configOf(name))).trimEnd() })),
  ]
}

function changed(before: Record<string, Json>, after: Record<string, Json>): Record<string, Json> {
  const entries = Object.entries(after).filter(([key, value]) => !isDeepStrictEqual(value, before[key]))
  return Object.fromEntries(
    entries.map(([key, value]) => [key, isTable(value) && isTable(before[key]) ? changed(before[key], value) : value]),
  )
}

function isTable(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
