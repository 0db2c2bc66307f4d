/** What `tapo filter` does. */
import { join } from 'node:path'
import { accuracyRows, writeKept } from '../../coldstart/filter.ts'
import { localTrainer } from '../../engine/local/trainer.ts'
import { UsageError } from '../../errors.ts'
import { engineOptions } from '../../experiments/assemble.ts'
import { prepare } from '../../experiments/prepare.ts'
import { filterFolder } from '../../experiments/run-folder.ts'
import { sampleInto } from '../../experiments/sampled.ts'
import type { FilterOptions } from '../commands/filter.ts'
import { configure } from './configure.ts'
import { jsonOf } from './json.ts'
import { followSampling } from './sampling.ts'

export async function filter(target: string, options: FilterOptions): Promise<void> {
  const { samples, least, most, set = [], problems = Infinity } = options
  if (least > most) throw new UsageError(`--least ${least}: is more than --most ${most}`)
  const config = await configure(target, { ...options, set: [...(samples === undefined ? [] : [`rollout.groupSize=${samples}`]), ...set] })
  const prepared = await prepare(config)
  const folder = filterFolder(config)
  const path = join(folder, 'accuracies.jsonl')
  const startEngine = (): ReturnType<typeof localTrainer> => localTrainer({ model: prepared.model, ...engineOptions(config) })
  const request = { path, kind: 'accuracies', problems, rowsOf: accuracyRows, startEngine }
  if ((await followSampling((signal) => sampleInto(prepared, { ...request, signal }), 'answered')) === undefined) return
  const kept = join(folder, 'kept.jsonl')
  const found = await writeKept(path, kept, { least, most })
  if (options.json === true) console.log(jsonOf({ path: kept, ...found }))
  else {
    const doubts = found.undecided === 0 ? '' : `, ${found.undecided} whose answers could not be judged`
    console.log(
      `${kept}: ${found.kept} problems kept, ${found.tooHard} too hard (under ${least}), ${found.tooEasy} too easy (over ${most})${doubts}\n` +
        `train on them with --set rollout.only=${kept}`,
    )
  }
}
