/** An answer's text as tokens. It knows what is one number, one name or one word; what they make together is parse.ts's business. */
import { constantNames, functionNames, signCommands, textCommands, typeCommands, units } from './names.ts'
import { spend, Unreadable, type Work } from './work.ts'

export interface Token {
  readonly kind: 'number' | 'name' | 'word' | 'text' | 'sign' | 'command'
  readonly text: string
  readonly isSpaced: boolean // white space before it
}

/** How commas between digits are read: as groups of thousands where they can be, or always between items. */
export type Commas = 'groups' | 'separators'

const spaces = /\s*/y
const grouped = /\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,]*\d)/y
const spacedGroups = /\d{1,3}(?: \d{3})+(?:\.\d+)?(?! ?[\d/])/y
const plain = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE](?:\+?\d{1,4}|-\d{2,4}|(?<=\.\d+[eE])-\d)(?![\d.a-zA-Z]))?/y
const repeating =
  /(?:\d*\.\d*)\\(?:overline|bar|dot)\s*(?:\{\d+\}|\d)(?:\d*\\dot\s*(?:\{\d\}|\d))?|0?\.\d*\(\d+\)|(?:\d*\.\d*)\d{2,}(?=\s*(?:\\[lc]?dots|\.\.\.))/y
const command = /\\([a-zA-Z]+)\*?/y
const letters = /[a-zA-Z]+/y
const operators = /<=|>=|!=|=<|=>|==|\*\*|\.\.\.|\\[\\{}%$&|#_]|[-+*/^_()[\]{},;:|!%=<>&'~.]/y

/** Tokens of cleaned text. Unreadable where a sign is not one of an answer. */
export function tokensOf(text: string, commas: Commas, work: Work): Token[] {
  const tokens: Token[] = []
  let at = 0
  let depth = 0 // of brackets, in which a comma stands between items
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found !== undefined) at += found.length
    return found
  }
  for (;;) {
    const isSpaced = take(spaces) !== ''
    if (at >= text.length) return tokens
    spend(work, 1)
    const number =
      take(repeating) ?? (depth === 0 && commas === 'groups' ? (take(grouped) ?? take(spacedGroups)) : undefined) ?? take(plain)
    if (number !== undefined) tokens.push({ kind: 'number', text: number, isSpaced })
    else if (text[at] === '\\' && /[a-zA-Z]/.test(text[at + 1] ?? '')) {
      const start = at
      const name = (take(command) ?? '').replace(/[\\*]/g, '')
      const argument = textCommands.has(name) || typeCommands.has(name) ? argumentAt(text, at) : undefined
      if (argument !== undefined) at = argument.end
      if (at === start) throw new Unreadable(`a command that has no name, at ${start}`)
      pushCommand(tokens, { name, argument: argument?.text, isSpaced }, work)
    } else {
      const run = take(letters)
      if (run !== undefined) pushRun(tokens, run, isSpaced, text.slice(at))
      else {
        const sign = take(operators)
        if (sign === undefined) throw new Unreadable(`the sign ${JSON.stringify(text[at])} is not one of an answer`)
        if (/^(?:\(|\[|\\\{)$/.test(sign)) depth += 1
        if (/^(?:\)|\]|\\\})$/.test(sign)) depth = Math.max(0, depth - 1)
        tokens.push({ kind: 'sign', text: sameSign[sign] ?? sign, isSpaced })
      }
    }
  }
}

const sameSign: Readonly<Record<string, string>> = {
  '=<': '<=',
  '=>': '>=',
  '==': '=',
  '**': '^',
  '\\%': '%',
  '\\&': 'and',
  '\\|': '|',
  '\\_': '_',
}

interface Command {
  readonly name: string
  readonly argument: string | undefined
  readonly isSpaced: boolean
}

function pushCommand(tokens: Token[], { name, argument, isSpaced }: Command, work: Work): void {
  const sign = signCommands.get(name)
  if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, isSpaced })
  else if (argument !== undefined && typeCommands.has(name)) {
    if (argument === 'R' && name === 'mathbb') tokens.push({ kind: 'text', text: 'all real numbers', isSpaced })
    else tokens.push({ kind: 'sign', text: '{', isSpaced }, ...tokensOf(argument, 'groups', work), closing)
  } else if (argument !== undefined && isFormula(argument)) tokens.push(...tokensOf(argument, 'groups', work))
  else if (argument !== undefined && announced.test(argument)) tokens.push(...tokensOf(argument.replace(announced, ''), 'groups', work))
  else if (argument !== undefined) pushText(tokens, argument.trim(), isSpaced)
  else if (functionNames.has(name) || constantNames.has(name)) tokens.push({ kind: 'name', text: name, isSpaced })
  else tokens.push({ kind: 'command', text: name, isSpaced })
}

const announced = /^\s*(?:the\s+)?(?:final\s+)?answer\s*(?::|is)\s*(?!not\b)(?=\S)/i

/** Whether what stands in a text command is mathematics: a number comes first, or a command for one. */
function isFormula(argument: string): boolean {
  return /^\s*\(?\s*[-+]?\s*(?:\\\$\s*)?(?:\.?\d|\\(?:sqrt|frac|pi)(?![a-zA-Z]))/.test(argument)
}

const closing: Token = { kind: 'sign', text: '}', isSpaced: false }

/** Words in a text command: `and`, `or` and punctuation between items are signs; the rest is text. */
function pushText(tokens: Token[], words: string, isSpaced: boolean): void {
  const separated = /^[,;.\s]*(and|or)[,;.\s]*$/i.exec(words)
  if (separated) tokens.push({ kind: 'sign', text: (separated[1] as string).toLowerCase(), isSpaced })
  else if (/^(?:[,;]|\\\$)$/.test(words)) tokens.push({ kind: 'sign', text: words, isSpaced })
  else if (words === 'to') tokens.push({ kind: 'sign', text: ':', isSpaced })
  else if (functionNames.has(words) || constantNames.has(words)) tokens.push({ kind: 'name', text: words, isSpaced })
  else if (words !== '') tokens.push({ kind: 'text', text: words.replace(/(?<=\S)\s+and$/, ''), isSpaced })
}

/** A run of letters outside of commands: a name, a word, a unit, or one variable for each letter. */
function pushRun(tokens: Token[], run: string, isSpaced: boolean, rest: string): void {
  const lower = run.toLowerCase()
  const before = tokens.at(-1)
  const isAfterValue =
    before !== undefined && (before.kind === 'number' || /^(?:\)|\}|%|degree)$/.test(before.text) || before.kind === 'name')
  if (lower === 'and' || lower === 'or') tokens.push({ kind: 'sign', text: lower, isSpaced })
  else if (run === 'in' && /^\s*[[({\\]/.test(rest)) tokens.push({ kind: 'sign', text: 'in', isSpaced })
  else if (run === 'U' && isSpaced && /^\s*[[(]/.test(rest)) tokens.push({ kind: 'sign', text: 'cup', isSpaced })
  else if (functionNames.has(run) || constantNames.has(run) || (run.length > 2 && (functionNames.has(lower) || constantNames.has(lower))))
    tokens.push({ kind: 'name', text: run.length > 1 ? (functionNames.has(run) ? run : lower) : run, isSpaced })
  else if (run.length > 1 && isAfterValue && (units.has(lower) || units.has(lower.replace(/s$/, ''))))
    tokens.push({ kind: 'word', text: run, isSpaced })
  else {
    const [, head, name, tail] =
      /^([a-zA-Z]{0,2}?)(arcsin|arccos|arctan|sqrt|sin|cos|tan|cot|sec|csc|log|ln|pi)([a-zA-Z]{0,2})$/.exec(run) ?? []
    if (name !== undefined) {
      for (const letter of head ?? '') tokens.push({ kind: 'name', text: letter, isSpaced })
      tokens.push({ kind: 'name', text: name, isSpaced: false })
      for (const letter of tail ?? '') tokens.push({ kind: 'name', text: letter, isSpaced: false })
    } else if (isWord(run, isSpaced || before === undefined)) tokens.push({ kind: 'word', text: run, isSpaced })
    else for (const letter of run) tokens.push({ kind: 'name', text: letter, isSpaced: isSpaced && letter === run[0] })
  }
}

/** Whether letters side by side are a word and not a product of variables: long, or capitals; short ones that stand apart, unless in the order of the alphabet. */
function isWord(run: string, isApart: boolean): boolean {
  if (run.length < 3) return run.toLowerCase() === 'no'
  if (/^[A-Z]+$/.test(run)) return true
  if (!/^[a-z]{3,4}$/.test(run)) return true
  if (!isApart || !/[aeiou]/.test(run)) return false
  return run.split('').some((letter, index, all) => index > 0 && letter <= (all[index - 1] as string))
}

/** What stands in braces behind a command, or the next sign; undefined when there is nothing. */
function argumentAt(text: string, start: number): { readonly text: string; readonly end: number } | undefined {
  let at = start
  while (text[at] === ' ') at += 1
  if (text[at] !== '{') return /[a-zA-Z0-9]/.test(text[at] ?? '') ? { text: text[at] as string, end: at + 1 } : undefined
  let depth = 0
  for (let end = at; end < text.length; end++) {
    if (text[end] === '{') depth += 1
    if (text[end] === '}') depth -= 1
    if (depth === 0) return { text: text.slice(at + 1, end), end: end + 1 }
  }
  return { text: text.slice(at + 1), end: text.length }
}
