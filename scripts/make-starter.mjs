/**
 * `npm run make:starter`: the model that ships, from nothing, the same bytes every time. Random weights learn by likelihood from
 * generated lessons alone (src/tasks/mini/lessons.ts): attempts of a student who slips and doubts, replies to the synthesis prompt,
 * solutions beside a right attempt, and drills of looking up. The model is then measured and `starter/` is written anew.
 *
 * With `-- --base --out DIR` it is a model without a cold start, for a folder of the user's: its student slips and never doubts, and
 * there are no replies and no solutions beside an attempt. docs/coldstart.md begins from it.
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { root, setUp } from './setup.mjs'

const { base: isBase, out } = parseArgs({ options: { base: { type: 'boolean', default: false }, out: { type: 'string' } } }).values
if (isBase !== (out !== undefined)) end('--base and --out DIR: give both, for a model without a cold start, or neither, for starter/')
if (out !== undefined && existsSync(out)) end(`${out}: is there already; name a folder that is not, or delete this one`)
const place = out === undefined ? join(root, 'starter') : resolve(out)

setUp()
const use = (path) => import(new URL(`../dist/${path}.js`, import.meta.url).href)
const { lesson } = await use('tasks/mini/lessons')
const { miniTask, miniDefaults } = await use('tasks/mini/mini')
const { endToken, tokenizerFiles, vocabulary } = await use('tasks/mini/vocabulary')
const { loadTokenizer } = await use('text/load-tokenizer')
const { fold, seedOf, uniform } = await use('random')
const { learningRateAt } = await use('schedule')
const { parameterShapes } = await use('model/config')
const { readCheckpoint, writeCheckpoint } = await use('model/checkpoint')
const { localTrainer } = await use('engine/local/trainer')
const { attempt } = await use('rollout/attempt')
const { wilson } = await use('evaluation/wilson')
const { tapo } = await use('methods/tapo')

const mixtures = {
  starter: { student: { slips: 0.25, doubtsWrong: 0.4, doubtsRight: 0.1, repairs: 0.6 }, replies: 0.3, guided: 0.05, drills: 0.15 }, // the rest are attempts
  base: { student: { slips: 0.15, doubtsWrong: 0, doubtsRight: 0, repairs: 0 }, replies: 0, guided: 0, drills: 0.15 },
}
const steps = 1400

/** Everything that decides the bytes; provenance.json repeats it. */
const recipe = {
  seed: 1,
  difficulty: { fewest: miniDefaults.fewest, most: miniDefaults.most },
  mixture: isBase ? mixtures.base : mixtures.starter,
  steps,
  lessonsPerStep: 64,
  schedule: { kind: 'cosine', learningRate: 3e-3, warmupSteps: 50, steps },
  optimizer: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, maxGradientNorm: 1 },
  firstWeights: 0.06, // standard deviation; of what is added to the residual stream, this over sqrt(2 layers)
}

const config = {
  architecture: 'llama',
  vocabularySize: vocabulary.length,
  hiddenSize: 128,
  layers: 3,
  heads: 4,
  kvHeads: 4,
  headSize: 32,
  feedForwardSize: 384,
  contextLength: 512,
  normEpsilon: 1e-5,
  rope: { theta: 10_000 },
  attentionBias: false,
  queryKeyNorm: false,
  tiedEmbeddings: true,
  endTokens: [endToken],
}

const streams = { weights: 0, lessons: 1, measurement: 2 } // below the recipe's seed

const seed = seedOf(recipe.seed)
mkdirSync(dirname(place), { recursive: true })
const folder = mkdtempSync(join(dirname(place), '.starter-')) // beside its place, so that it can be renamed
try {
  for (const [name, content] of Object.entries(tokenizerFiles())) writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`)
  const tokenizer = await loadTokenizer(folder)
  const learnt = await learn(tokenizer)
  const model = join(folder, 'starter')
  await writeCheckpoint(model, { config, tensors: learnt.weights, source: folder, dtype: 'F16' })
  const parameters = [...learnt.weights.values()].reduce((sum, { length }) => sum + length, 0)
  const provenance = { recipe, parameters, tokens: learnt.tokens, loss: learnt.loss, measured: await measure(model, tokenizer) }
  writeFileSync(join(model, 'provenance.json'), `${JSON.stringify(provenance, null, 2)}\n`)
  console.log(JSON.stringify(provenance.measured, null, 2))
  if (existsSync(place)) rmSync(place, { recursive: true })
  renameSync(model, place)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Likelihood on fresh lessons, the token mean of each step. */
async function learn(tokenizer) {
  const [first, last] = ['first', 'last'].map((name) => join(folder, name))
  await writeCheckpoint(first, { config, tensors: firstWeights(), source: folder })
  const trainer = await localTrainer({ model: first })
  let [tokens, loss] = [0, 0]
  for (let step = 1; step <= recipe.steps; step++) {
    const examples = lessonsOf(step, tokenizer)
    tokens += examples.reduce((sum, example) => sum + example.tokens.length, 0)
    const learningRate = learningRateAt(recipe.schedule, step)
    const report = await trainer.step(examples, { objective: { kind: 'likelihood' }, learningRate, ...recipe.optimizer })
    loss = report.loss
    if (step % 50 === 0) console.log(`step ${step} of ${recipe.steps}: loss ${loss.toFixed(4)}, ${(tokens / 1e6).toFixed(1)}M tokens`)
  }
  await trainer.save(last)
  await trainer.close()
  return { weights: (await readCheckpoint(last)).tensors, tokens, loss }
}

function lessonsOf(step, tokenizer) {
  const pairs = Array.from({ length: recipe.lessonsPerStep }, (_, row) => {
    const index = (step - 1) * recipe.lessonsPerStep + row
    const { given, learnt } = lesson(fold(seed, streams.lessons), index, recipe.difficulty, recipe.mixture)
    const prompt = tokenizer.encode(given)
    return { promptLength: prompt.length, tokens: Int32Array.of(...prompt, ...tokenizer.encode(learnt), endToken) }
  })
  const trained = pairs.reduce((sum, { tokens, promptLength }) => sum + tokens.length - promptLength, 0)
  return pairs.map(({ tokens, promptLength }, row) => ({
    id: `lesson ${step}/${row}`,
    origin: 'demonstration',
    tokens,
    promptLength,
    logprobs: new Float32Array(tokens.length),
    advantages: Float32Array.from(tokens, (_, t) => (t < promptLength ? 0 : 1 / trained)),
  }))
}

function firstWeights() {
  const scales = (name) => recipe.firstWeights / (/o_proj|down_proj/.test(name) ? Math.sqrt(2 * config.layers) : 1)
  return new Map(
    [...parameterShapes(config)].map(([name, shape], at) => {
      const stream = fold(seed, streams.weights, at)
      const size = shape.reduce((product, length) => product * length, 1)
      return [name, Float32Array.from({ length: size }, (_, i) => (name.includes('norm') ? 1 : scales(name) * normal(stream, i)))]
    }),
  )
}

/** Box and Muller's way from two uniform numbers to a normal one. */
function normal(stream, index) {
  return Math.sqrt(-2 * Math.log(1 - uniform(stream, 2 * index))) * Math.cos(2 * Math.PI * uniform(stream, 2 * index + 1))
}

/** 8 answers at temperature 1 to each of 256 development problems, one greedy answer, and what becomes of constructions. */
async function measure(model, tokenizer) {
  const task = miniTask(recipe.difficulty)
  const set = task.problems('development')
  const problems = Array.from({ length: 256 }, (_, index) => set.at(index))
  const engine = await localTrainer({ model })
  const policy = await engine.policy()
  const sampling = { count: 8, maxTokens: 128, temperature: 1, topK: 0, topP: 1, minP: 0, stop: [] }
  const options = { policy, tokenizer, task, sampling, seed: fold(seed, streams.measurement) }
  const groups = await attempt(options, problems)
  const greedy = await attempt({ ...options, sampling: { ...sampling, count: 1, temperature: 0 } }, problems)
  const { metrics } = await tapo()(groups, { ...options, maxTokens: sampling.maxTokens, contextLength: config.contextLength })
  await policy.release()
  await engine.close()
  const right = (of) => of.flatMap(({ rollouts }) => rollouts.map(({ verdict }) => verdict.reward))
  const share = (rewards) =>
    wilson(
      rewards.reduce((sum, reward) => sum + reward, 0),
      rewards.length,
    )
  return { problems: 'development 0 to 255', accuracy: share(right(groups)), greedyAccuracy: share(right(greedy)), tapo: metrics }
}

function end(message) {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}
