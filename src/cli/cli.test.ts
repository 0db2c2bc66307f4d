/** The command as a person types it: the compiled program in processes of its own, on a real model folder with random weights. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { contentsOf } from '../store/fixtures/folders.ts'
import { compiledProgram, small } from './fixtures/program.ts'

vi.setConfig({ testTimeout: 180_000 }) // many processes, on a machine that may be busy

const { path: program, folder, model, environment, tapo, train, dispose } = await compiledProgram()
afterAll(() => dispose())

test('every command explains itself with an example', () => {
  const help = tapo('--help')
  expect([help.code, help.err]).toEqual([0, ''])
  expect(help.out).toContain('Exit codes: 0 done, 1 the work failed, 2 it was asked for wrongly, 130 it was interrupted.')
  const commands = 'train coldstart filter eval data sample score runs show compare experiment report verify regrade config'.split(' ')
  for (const command of commands) {
    const { code, out } = tapo(command, '--help')
    expect([code, out.includes(`Usage: tapo ${command}`), /Examples:\n {2}tapo /.test(out)]).toEqual([0, true, true])
  }
})

test('what is asked for wrongly ends with 2 and one readable message', () => {
  expect(tapo('trian')).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean train?') as string })
  expect(tapo('train', 'qiuck')).toEqual({ code: 2, out: '', err: 'tapo: qiuck: no such experiment or file, did you mean quick?\n' })
  expect(tapo('train', 'quick', '--steps', 'few').code).toBe(2)
  expect(train('--set', 'rollout.tempature=1').err).toBe('tapo: quick: rollout.tempature: no such key, did you mean rollout.temperature?\n')
  expect(tapo('train', 'gsm8k').err).toBe('tapo: model.path: not given; name a Hugging Face model folder with --model DIR\n')
  expect(tapo('score', model, '--tokens', '[1, "a"]')).toMatchObject({
    code: 2,
    err: 'tapo: --tokens: not an array of token ids, integers from 0 up\n',
  })
  expect(tapo('show', 'nowhere')).toMatchObject({ code: 2, err: 'tapo: nowhere: no run here, events.jsonl is missing\n' })
  expect(tapo('eval', model)).toMatchObject({
    code: 2,
    err: `tapo: ${model}: not a run, so name the task with --task mini, --task gsm8k, or data sets like --task aime-2024=FILE\n`,
  })
  const noData = "no such folder; name the one that holds GSM8K's train.jsonl and test.jsonl with --data DIR\n"
  expect(tapo('train', 'gsm8k', '--model', model, '--data', 'nowhere')).toMatchObject({ code: 2, err: `tapo: nowhere: ${noData}` })
  expect(tapo('eval', model, '--task', 'gsm8k')).toMatchObject({ code: 2, err: `tapo: data/gsm8k: ${noData}` })
  expect(tapo('eval', 'nowhere')).toMatchObject({ code: 2, err: expect.stringContaining('nowhere: no such folder; a model is') as string })
})

test('work that fails ends with 1, names the place, and leaves nothing behind', () => {
  const bad = join(folder, 'bad')
  mkdirSync(bad)
  for (const name of readdirSync(model)) copyFileSync(join(model, name), join(bad, name))
  writeFileSync(join(bad, 'model.safetensors'), readFileSync(join(model, 'model.safetensors')).subarray(0, 4000))
  const { code, err } = tapo('train', 'quick', '--model', bad, '--out', 'from-bad')
  expect([code, err.startsWith(`tapo: ${join(bad, 'model.safetensors')}: `), err.trimEnd().split('\n').length]).toEqual([1, true, 1])
  expect(existsSync(join(folder, 'from-bad'))).toBe(false)
})

test('verify explains a verdict, judges a file in order, and names its bad lines after all verdicts', () => {
  expect(tapo('verify', '\\frac{14}{3}', 'It is \\boxed{4\\frac{2}{3}}.').out).toMatch(/verdict +right: both are 14\/3/)
  const pairs = [
    '{"gold":"7","response":"\\\\boxed{7}"}',
    'nonsense',
    '',
    '{"gold":"7"}',
    '{"gold":"7","response":"\\\\boxed{8}"}',
    '{"gold":7}',
  ]
  writeFileSync(join(folder, 'pairs.jsonl'), pairs.join('\n'))
  const { code, out, err } = tapo('verify', '--file', 'pairs.jsonl', '--json')
  const verdicts = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { line: number; verdict: string })
  expect(verdicts.map(({ line, verdict }) => [line, verdict])).toEqual([
    [1, 'right'],
    [5, 'wrong'],
  ])
  expect([code, err.split('\n')]).toEqual([
    1,
    [
      'tapo: pairs.jsonl: line 2: not JSON, "nonsense"',
      'pairs.jsonl: line 4: field response is missing, it has gold',
      'pairs.jsonl: line 6: field gold is not a text, "7"',
      '3 of 5 lines are bad, the others are judged',
      '',
    ],
  ])
  writeFileSync(join(folder, 'bad.jsonl'), '{}\n'.repeat(25))
  expect(tapo('verify', '--file', 'bad.jsonl').err).toMatch(/: line 20: .*\nand 5 more\n25 of 25 lines are bad/)
  expect(tapo('verify', '7').code).toBe(2)
})

test('TAPO_DEBUG=1 shows where an error comes from', () => {
  const env = { ...environment, TAPO_DEBUG: '1' }
  const { stderr } = spawnSync(process.execPath, [program, 'train', 'qiuck'], { cwd: folder, encoding: 'utf8', env })
  expect(stderr).toMatch(/UsageError: qiuck.*\n\s+at /)
})

test('a configuration is a table, a file, or JSON', () => {
  expect(tapo('config').out).toContain('quick-no-suppression')
  expect(tapo('config', 'quick').out).toMatch(/rollout\.maxTokens\s+96 \*\s+\[D\] {2}tokens of an answer/)
  writeFileSync(join(folder, 'mine.yaml'), tapo('config', 'quick', '--yaml').out)
  expect(tapo('config', 'mine.yaml', '--json').out).toBe(tapo('config', 'quick', '--json').out)
  expect(tapo('config', 'quick', '--set', 'method.suppression=off').out).toMatch(/method\.suppression\.low\s+"off" \*/)
})

test('a tokenizer of another model is refused wherever the two are used together', () => {
  const other = join(folder, 'other')
  cpSync(model, other, { recursive: true })
  const path = join(other, 'tokenizer.json')
  writeFileSync(path, readFileSync(path, 'utf8').replace(/"vocab": ?\{/, '$&"brontosaurus":999,'))
  const said = "tokenizer: its vocabulary is larger than the model's embedding"
  const commands = [
    ['train', 'quick', '--model', other],
    ['eval', other, '--task', 'mini'],
    ['sample', other, 'rings ?'],
    ['score', other, '--tokens', '[5, 2]', '--json'],
    ['score', other, '--tokens', '[5, 2]'],
  ]
  for (const words of commands) expect(tapo(...words)).toMatchObject({ code: 1, out: '', err: expect.stringContaining(said) as string })
})

test('scores are null where nothing is predicted', () => {
  const { code, out } = tapo('score', model, '--tokens', '[5, 2, 44]', '--json')
  const scores = JSON.parse(out) as Record<'logprobs' | 'entropies', (number | null)[]>
  expect(code).toBe(0)
  for (const values of Object.values(scores)) expect(values.map((value) => typeof value)).toEqual(['object', 'number', 'number'])
  writeFileSync(join(folder, 'tokens.json'), '[5, 2, 44]')
  expect(tapo('score', model, '--tokens', 'tokens.json', '--json').out).toBe(out)
  expect(tapo('score', model, '--tokens', '[5, 2, 44]').out).toMatch(/^\s*t {2}token {2}text/)
})

test('samples depend on the seed alone', () => {
  const ask = (...words: string[]): string => tapo('sample', model, 'rings is 2 . rings ?', '--max-tokens', '5', ...words).out
  expect(ask('--count', '2', '--json')).toBe(ask('--count', '2', '--json'))
  expect((JSON.parse(ask('--count', '3', '--json')) as unknown[]).length).toBe(3)
  expect(ask('--seed', '2')).not.toBe(ask('--seed', '1'))
})

test('a dry run predicts and makes nothing', () => {
  const { code, out } = train('--dry-run')
  expect(code).toBe(0)
  expect(out).toMatch(/a step\s+about .* s/)
  expect(existsSync(join(folder, 'runs'))).toBe(false)
  const found = JSON.parse(train('--dry-run', '--json').out) as Record<string, unknown>
  expect(Object.keys(found)).toEqual(expect.arrayContaining(['peakMb', 'seconds', 'diskMb', 'freeDiskMb', 'config']))
})

test('a run is trained, listed, shown, evaluated, and not trained over', () => {
  const { code, out } = train()
  expect(code).toBe(0)
  expect(out).toMatch(/\nstep 1\/2 {2}accuracy .*\nstep 2\/2 {2}accuracy /)
  expect(out).toContain('Before and after')
  expect(out).toContain('To try next')
  const [run] = JSON.parse(tapo('runs', '--json').out) as [Record<string, unknown>]
  expect(run).toMatchObject({ name: 'quick', state: 'finished', step: 2, steps: 2 })
  expect(tapo('runs').out).toMatch(/quick\s+finished\s+2\/2/)
  expect(tapo('show', 'runs/quick').out).toContain('step 2 of 2')
  expect(tapo('show', 'runs/quick', '--step', '1').out).toMatch(/mini\/train\/\d+\s+0\/2/)
  const [group] = JSON.parse(tapo('show', 'runs/quick', '--step', '1', '--json').out) as [{ problem: { id: string }; attempts: unknown[] }]
  expect(group.attempts).toHaveLength(2)
  expect(tapo('show', 'runs/quick', '--problem', group.problem.id).out).toContain('attempt 1  wrong')
  expect(tapo('show', 'runs/quick', '--step', '1', '--problem', 'nobody').code).toBe(2)
  const evaluation = JSON.parse(tapo('eval', 'runs/quick', '--split', 'test', '--problems', '4', '--json').out) as Record<string, unknown>
  expect(evaluation).toMatchObject({ name: 'mini/test', step: 2, samples: 2, right: [0, 0, 0, 0] })
  expect(tapo('regrade', 'runs/quick').out).toMatch(
    /^\d+ attempts and constructions judged again, strictness standard, \d+ verdicts would change\n/,
  )
  const refused = 'tapo: runs/quick: holds a run already; go on with it (--resume), or choose another folder (--out)\n'
  for (const dry of [[], ['--dry-run']]) expect(train('--out', 'runs/quick', ...dry)).toEqual({ code: 2, out: '', err: refused })
  expect(train().out).toContain('in runs/quick-2')
})

test('a run that attempts nothing is shown by what it learns from', () => {
  const method = 'method={kind: sft, corrections: false, reflections: false}'
  const words = ['--out', 'warm', '--set', method, '--set', 'rollout.groupSize=0', '--set', 'evaluation.everySteps=0']
  expect(train(...words).out).toMatch(/2 steps of 2 problems, seed 1, in warm\n/)
  expect(tapo('show', 'warm', '--step', '2').out).toMatch(/^problem +to learn\nmini\/train\/\d+ +1 /)
  const [group] = JSON.parse(tapo('show', 'warm', '--step', '2', '--json').out) as [{ problem: { id: string } }]
  expect(tapo('show', 'warm', '--problem', group.problem.id).out).toMatch(
    /step 2\n[^]*gold answer \d+\n\ndemonstration, solution {2}\d+ tokens\n/,
  )
  expect(tapo('runs', 'warm')).toMatchObject({ code: 2, err: 'tapo: warm: is a run itself; look into it with tapo show warm\n' })
})

test('a changed configuration is not resumed, and the changed keys are named', () => {
  expect(train('--out', 'changed').code).toBe(0)
  expect(train('--out', 'changed', '--resume').code).toBe(0)
  const other = ['--seed', '2', '--set', 'optimizer.beta1=0.8']
  const { code, err } = train('--out', 'changed', '--resume', ...other)
  expect([code, err]).toEqual([
    2,
    'tapo: changed: started with another config seed (1, now 2), config optimizer.beta1 (0.9, now 0.8); resume with the same, or start a new run\n',
  ])
  expect(train('--out', 'changed', '--resume', '--dry-run', ...other)).toEqual({ code, out: '', err })
  expect(train('--out', 'changed', '--resume', '--dry-run').code).toBe(0)
  expect(train('--out', 'not-there', '--resume', '--dry-run')).toMatchObject({ code: 2, out: '' })
})

test('Ctrl-C stops after the step in hand, says how to go on, and going on gives the same bytes', async () => {
  const words = ['train', 'quick', '--model', model, '--steps', '30', ...small, '--set', 'evaluation.everySteps=0']
  const child = spawn(process.execPath, [program, ...words, '--out', 'stopped'], { cwd: folder, env: environment })
  const { code, err } = await interruptAfter(child, 'step  2/30')
  expect(code).toBe(130)
  expect(err).toMatch(/stopped after step \d+ of 30; go on with: tapo train quick .*--out stopped .*--resume\n$/)
  expect(JSON.parse(tapo('runs', '.', '--json').out)).toContainEqual(expect.objectContaining({ name: 'stopped', state: 'interrupted' }))
  expect(tapo(...words, '--out', 'stopped', '--resume').code).toBe(0)
  expect(tapo(...words, '--out', 'whole').code).toBe(0)
  expect(contentsOf(join(folder, 'stopped'))).toEqual(contentsOf(join(folder, 'whole')))
})

test('Ctrl-C leaves an evaluation at once', async () => {
  const long = 'evaluation={problems: 1000, samples: 100, everySteps: 2}' // minutes of it
  const words = ['train', 'quick', '--model', model, '--steps', '2', '--set', 'rollout.maxTokens=400', '--set', long, '--out', 'left']
  const child = spawn(process.execPath, [program, ...words], { cwd: folder, env: environment })
  const { code, err } = await interruptAfter(child, 'TAPO: ', 500)
  expect([code, err.startsWith('stopped after step 0 of 2; go on with: tapo train quick')]).toEqual([130, true])
  const left = (JSON.parse(tapo('runs', '.', '--json').out) as { name: string }[]).find(({ name }) => name === 'left')
  expect(left).toMatchObject({ state: 'interrupted', step: 0, figures: {} })
})

test('a second Ctrl-C abandons the step in hand at once, and gives the folder back', async () => {
  const long = 'rollout={problems: 1000, groupSize: 100, maxTokens: 400}' // minutes of it
  const words = [
    'train',
    'quick',
    '--model',
    model,
    '--steps',
    '2',
    '--set',
    long,
    '--set',
    'evaluation.everySteps=0',
    '--out',
    'abandoned',
  ]
  const child = spawn(process.execPath, [program, ...words], { cwd: folder, env: environment })
  child.stdout.on('data', (chunk: Buffer) => chunk.includes('stopping: a step in hand') && child.kill('SIGINT'))
  const { signal, err } = await interruptAfter(child, 'TAPO: ', 500)
  expect([signal, err]).toEqual(['SIGINT', expect.stringMatching(/^abandoned; the run is whole up to the last step: tapo train .*\n$/)])
  expect(existsSync(join(folder, 'abandoned', 'lock'))).toBe(false)
})

interface Interrupted {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null // that ended it
  readonly err: string
}

/** SIGINT, some milliseconds after a line was said. */
async function interruptAfter(child: ChildProcess, line: string, delayMs: number = 0): Promise<Interrupted> {
  let [out, err] = ['', '']
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()))
  child.stdout?.on('data', (chunk: Buffer) => {
    const before = out.includes(line)
    out += chunk.toString()
    if (!before && out.includes(line)) setTimeout(() => child.kill('SIGINT'), delayMs)
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { code, signal, err }
}

test('a prompt may be as long as a command line can hold, and one that leaves no room for an answer is refused', () => {
  const oneUnknownWord = tapo('sample', model, 'a'.repeat(100_000), '--max-tokens', '2')
  expect([oneUnknownWord.code, oneUnknownWord.err, /^answer 0, \d tokens?, /.test(oneUnknownWord.out)]).toEqual([0, '', true])
  expect(tapo('sample', model, 'gems '.repeat(512))).toEqual({
    code: 2,
    out: '',
    err: "tapo: <prompt>: 512 tokens leave no room for an answer in the model's context of 512; shorten it\n",
  })
})

test('with --json every event is a line', () => {
  const { code, out } = train('--json', '--out', 'lines')
  const types = out
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { type: string }).type)
  expect([code, types]).toEqual([0, ['evaluation', 'step', 'step', 'checkpoint', 'evaluation', 'finished']])
})
