/** What `tapo coldstart build` does. */
import { join } from 'node:path'
import { attemptsFile } from '../../../coldstart/attempts.ts'
import { type BuildParts, refusalsIn, rowsToLearn, writeCorrections } from '../../../coldstart/build.ts'
import { countsIn, countsOf, kinds, mixed, paperShares, type Counts, type Wanted } from '../../../coldstart/mixture.ts'
import { mixtureFile, writeMixture } from '../../../coldstart/mixture-file.ts'
import type { Config } from '../../../config/config.ts'
import { UsageError } from '../../../errors.ts'
import { prepare, type Prepared } from '../../../experiments/prepare.ts'
import { dataFolder } from '../../../experiments/run-folder.ts'
import { fold, seedOf } from '../../../random.ts'
import { askedOf } from '../../../store/ledger.ts'
import type { BuildOptions } from '../../commands/coldstart.ts'
import { exitCodes } from '../../failure.ts'
import { interrupt } from '../../interrupt.ts'
import { live } from '../../live.ts'
import { terminal } from '../../terminal.ts'
import { builtText } from '../../views/coldstart.ts'
import { duration } from '../../views/format.ts'
import { configure } from '../configure.ts'
import { jsonOf } from '../json.ts'
import { openWriter, type OpenWriter } from './open-writer.ts'

const BUILD_STREAM = 5 // below the run's seed; a collection has 4

export async function build(target: string, options: BuildOptions): Promise<void> {
  const wanted = wantedOf(options)
  const config = await configure(target, options)
  const prepared = await prepare(config)
  const folder = dataFolder(config)
  const parts = partsOf(prepared, folder, options)
  askedOf(parts.attempts) // tells when there are none
  const writer = await openWriter(prepared, options, parts)
  try {
    if (!(await write(parts, writer, options))) return
  } finally {
    await writer.close()
  }
  const rows = rowsToLearn(parts, writer.name)
  const counts = countsOf(rows, wanted)
  const path = join(folder, mixtureFile(options.format))
  await writeMixture(path, mixed(rows, counts, fold(parts.seed, 2)))
  const outcome = { path, writer: writer.name, counts, there: countsIn(rows), refusals: Object.fromEntries(refusalsIn(parts.corrections)) }
  console.log(options.json === true ? jsonOf(outcome) : builtText(outcome, terminal().paint))
}

function partsOf({ config, task, tokenizer }: Prepared, folder: string, { writer }: BuildOptions): BuildParts {
  const files = { attempts: join(folder, attemptsFile), corrections: join(folder, `corrections-${writer}.jsonl`) }
  return { ...files, task, tokenizer, problems: task.problems('train'), seed: seedFor(config) }
}

function seedFor({ seed }: Config): BuildParts['seed'] {
  return fold(seedOf(seed), BUILD_STREAM)
}

/** Whether all was tried: false after Ctrl-C, which is told and is the exit code. */
async function write(parts: BuildParts, { asked, writer }: OpenWriter, { tries }: BuildOptions): Promise<boolean> {
  const place = terminal(process.stderr)
  const view = live(place, process.stderr)
  const stop = interrupt(
    () => view.print(place.paint('yellow', 'stopping: what is in hand is finished first, Ctrl-C again abandons it')),
    () => view.end(),
  )
  const begin = performance.now()
  const counts = { tried: 0, written: 0 }
  view.show(() => `${counts.written} corrections written of ${counts.tried} tried ... ${duration((performance.now() - begin) / 1000)}`)
  try {
    await writeCorrections(parts, {
      asked,
      tries,
      writer,
      signal: stop.signal,
      onOutcome: ({ written }) => {
        counts.tried++
        if (written !== null) counts.written++
      },
    })
  } finally {
    view.end()
    stop.end()
  }
  if (!stop.signal.aborted) return true
  process.stderr.write(`stopped after ${counts.tried} tries, which are kept; the same command goes on\n`)
  process.exitCode = exitCodes.interrupted
  return false
}

function wantedOf({ counts, shares }: BuildOptions): Wanted {
  if (counts !== undefined && shares !== undefined) throw new UsageError('--counts and --shares: give one of them')
  if (counts !== undefined) return { by: 'counts', counts: byKind(counts, '--counts') }
  return { by: 'shares', shares: shares === undefined ? paperShares : byKind(shares, '--shares') }
}

/** What is not named is none. */
function byKind(given: Readonly<Record<string, number>>, flag: string): Counts {
  const stranger = Object.keys(given).find((name) => !(kinds as readonly string[]).includes(name))
  if (stranger !== undefined) throw new UsageError(`${flag}: ${stranger} is no kind of row, which are ${kinds.join(', ')}`)
  const { solution = 0, correction = 0, reflection = 0 } = given
  if (solution + correction + reflection === 0) throw new UsageError(`${flag}: no row at all`)
  return { solution, correction, reflection }
}
