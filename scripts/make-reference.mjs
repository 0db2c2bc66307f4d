/**
 * Writes docs/reference.md from the package itself: the help of each command, the experiments, every key of the configuration, every
 * figure of the log, every column of the rollouts files. `npm run reference` writes it; with `--check` it only says whether it is current.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, run, setUp } from './setup.mjs'

setUp()
const path = join(root, 'docs', 'reference.md')
const { configKeys } = await import('../dist/config/keys.js')
const { experiments } = await import('../dist/experiments/experiments.js')
const { metricNames } = await import('../dist/methods/metric-names.js')

const text = `# Reference

Generated from the package by \`npm run reference\`.

## Commands

${commands().map(command).join('\n\n')}

## Experiments

\`tapo train NAME\` runs one, \`tapo config NAME\` shows its configuration. A configuration of one's own is a YAML or JSON file with the
keys below; whatever it leaves out has its default.

${table(
  ['name', 'what it is'],
  experiments.map(({ name, what }) => [code(name), what]),
)}

## Configuration

Marks say whence a default comes: [P] the paper, [I] inferred from it, [D] a decision of this package (\`docs/paper.md\`).

${sections().map(section).join('\n\n')}

## Figures

Every step's event in \`events.jsonl\` holds these by name, as far as they apply; \`report\` beside them is what the update says of itself
(\`src/engine/engine.ts\`, StepReport).

${table(
  ['name', 'meaning', 'unit'],
  Object.entries(metricNames).map(([name, { meaning, unit }]) => [code(name), meaning, unit]),
)}
`

if (!process.argv.includes('--check')) writeFileSync(path, text)
else if (readFileSync(path, 'utf8') !== text) {
  console.log('docs/reference.md is not what the package says; run npm run reference')
  process.exitCode = 1
}

/** The names of all commands, as the help lists them. */
function commands(...above) {
  const [, list = ''] = help(...above).split(/^Commands:$/m)
  const names = [...list.split('\n\n')[0].matchAll(/^ {2}([a-z]+)/gm)].map((match) => match[1]).filter((name) => name !== 'help')
  return names.flatMap((name) => [[...above, name], ...commands(...above, name)])
}

function command(names) {
  return `### tapo ${names.join(' ')}\n\n\`\`\`\n${help(...names).trim()}\n\`\`\``
}

function help(...words) {
  return run(process.execPath, [join(root, 'dist', 'cli', 'main.js'), ...words, '--help'], root)
}

/** Keys by the part of the configuration that they are in, in the order of the schema. */
function sections() {
  const titles = [...new Set(configKeys().map(titleOf))]
  return titles.map((title) => [title, configKeys().filter((key) => titleOf(key) === title)])
}

function titleOf({ path: key, variant }) {
  if (!key.includes('.')) return 'The run'
  const [part] = key.split('.')
  return variant === undefined ? part : `${part}: ${variant}`
}

function section([title, keys]) {
  const rows = keys.map(({ path: key, meaning, mark, default: value }) => [
    code(key),
    value === undefined ? '' : code(JSON.stringify(value)),
    meaning,
    mark,
  ])
  return `### ${title}\n\n${table(['key', 'default', 'meaning', 'mark'], rows)}`
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function code(name) {
  return `\`${name}\``
}
