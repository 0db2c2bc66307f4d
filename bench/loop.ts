/** A whole GRPO step as a run has it: problems, tokenizer, verdicts, advantages, update, event log and rollouts file. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Trainer, Update } from '../src/engine/engine.ts'
import { grpo } from '../src/methods/grpo.ts'
import { seedOf, fold, integer } from '../src/random.ts'
import { Run } from '../src/store/run.ts'
import type { ProblemSet } from '../src/tasks/task.ts'
import type { Tokenizer } from '../src/text/tokenizer.ts'
import { train } from '../src/train.ts'
import type { Judge } from '../src/types.ts'
import type { Of, Once } from './work.ts'

/** A verdict as good as random, and the same for equal texts. */
const task: Judge = {
  ask: (problem) => problem.question,
  verify: (_problem, answer) => ({ reward: answer.charCodeAt(answer.length - 1) % 2 === 0 ? 1 : 0, answer }),
  askForReflection: () => '',
}

/** Each call is one more step of one run, whose folder goes with this process. */
export function loop(
  trainer: Trainer,
  { shape, prompts, answers, prompt, fresh }: Of<'loop'>,
  tokenizer: Tokenizer,
  { learningRate, objective, ...optimizer }: Update,
): Once {
  const steps = 1000 // more than anyone waits for
  const folder = mkdtempSync(join(tmpdir(), 'tapo-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true }))
  const run = Run.create(join(folder, 'run'), { config: {}, data: '', model: '', steps, package: 'bench' })
  const progress = train({
    run,
    trainer,
    tokenizer,
    task,
    problems: problems(shape.vocabularySize, prompt),
    method: grpo(),
    settings: {
      seed: 1,
      steps,
      problemsPerStep: prompts,
      sampling: { count: answers, maxTokens: fresh, temperature: 1, topK: 0, topP: 1, minP: 0, stop: [] },
      optimizer,
      schedule: { kind: 'constant', learningRate, warmupSteps: 0, steps },
      evaluateEverySteps: 0,
      checkpointEverySteps: 0,
    },
  })
  return async () => {
    for (;;) {
      const { value } = await progress.next()
      if (value?.type === 'step') return prompts * answers * fresh
    }
  }
}

/** Questions of `length` words (model-folder.ts), by position. */
function problems(vocabularySize: number, length: number): ProblemSet {
  const at = (index: number): ReturnType<ProblemSet['at']> => {
    const words = Array.from({ length }, (_, word) => `w${integer(fold(seedOf(1), 9, index), word, vocabularySize)}`)
    return { id: `bench/${index}`, question: words.join(' '), answer: '' }
  }
  return { size: 4096, at }
}
