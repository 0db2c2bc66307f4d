/**
 * How well the starter model reads a solution in its prompt: `node scripts/teacher-wordings.mjs [problems]` prints, for each wording, the
 * accuracy of what it samples after it, and the mean of log p_T - log p_S over tokens of right and wrong answers to the plain problem.
 * LOG.md, "A teacher for the mini-world", holds what it printed.
 */
import { join } from 'node:path'
import { root, setUp } from './setup.mjs'

setUp()
const use = (path) => import(new URL(`../dist/${path}.js`, import.meta.url).href)
const { attempt } = await use('rollout/attempt')
const { fold, seedOf } = await use('random')
const { loadTokenizer } = await use('text/load-tokenizer')
const { localEngine } = await use('engine/local/local-engine')
const { guidedQuestion, miniTask } = await use('tasks/mini/mini')
const { parseQuestion, definitionText, valuesOf } = await use('tasks/mini/world')

const WORDINGS = {
  'problem reference solution': ({ question, solution }) => `${question} reference ${solution}`,
  'problem attempt solution': ({ question, solution }) => `${question} attempt ${solution}`,
  'reference solution problem': ({ question, solution }) => `reference ${solution} ${question}`,
  'problem solution problem': ({ question, solution }) => `${question} ${solution} ${question}`,
  'solution problem': ({ question, solution }) => `${solution} ${question}`,
  'solution without its answer, problem': ({ question, solution }) => `${solution.replace(/ answer \d+ \.$/, '')} ${question}`,
  'problem, each result a statement': ({ question }) => withResults(parseQuestion(question)),
  'numbers of the solution, problem': ({ question, solution }) => guidedQuestion(question, solution),
}

const model = join(root, 'starter')
const plain = miniTask()
const set = plain.problems('development')
const problems = Array.from({ length: Number(process.argv[2] ?? 64) }, (_, index) => set.at(index))
const engine = await localEngine({ model, threads: 1 })
const sampling = { count: 8, maxTokens: 96, temperature: 1, topK: 0, topP: 1, minP: 0, stop: [] }
const parts = { policy: await engine.policy(), tokenizer: await loadTokenizer(model), sampling, seed: fold(seedOf(7), 0) }
const answers = await attempt({ ...parts, task: plain }, problems)
print('the plain problem', answers, [0, 0])
for (const [name, ask] of Object.entries(WORDINGS)) {
  const guided = await attempt({ ...parts, task: { ...plain, ask } }, problems)
  print(name, guided, await differences(guided))
}
await engine.close()

function print(name, groups, means) {
  const rewards = groups.flatMap(({ rollouts }) => rollouts.map(({ verdict }) => verdict.reward))
  const accuracy = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length
  console.log(`${name.padEnd(38)} ${[accuracy, ...means].map((number) => number.toFixed(3).padStart(8)).join('')}`)
}

/** Of right answers and of wrong ones. */
async function differences(guided) {
  const all = answers.flatMap(({ rollouts }, q) =>
    rollouts.map(({ completion, verdict }) => ({ prompt: guided[q].prompt, completion, verdict })),
  )
  const requests = all.map(({ prompt, completion }) => ({ tokens: Int32Array.of(...prompt, ...completion.tokens), from: prompt.length }))
  const scores = await parts.policy.score(requests)
  const found = all.map(({ prompt, completion, verdict }, i) => ({
    reward: verdict.reward,
    values: Array.from(completion.logprobs, (student, t) => scores[i].logprobs[prompt.length + t] - student),
  }))
  return [1, 0].map((wanted) => mean(found.flatMap(({ reward, values }) => (reward === wanted ? values : []))))
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function withResults(world) {
  const values = valuesOf(world)
  const results = world.definitions.filter(({ kind }) => kind === 'operation').map(({ name }) => `${name} is ${values.get(name)} .`)
  return [...world.definitions.map((definition) => `${definitionText(definition)} .`), ...results, world.asked, '?'].join(' ')
}
