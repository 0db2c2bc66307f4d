import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileTemplate } from './jinja.ts'

const steps = 100_000
const render = (source: string, variables: Readonly<Record<string, unknown>> = {}): string => compileTemplate(source)(variables, steps)

const grown = (start: string, grow: string, end: string): string =>
  `{% set ns = namespace(s=${start}) %}{% for i in range(60) %}{% set ns.s = ${grow} %}{% endfor %}{{ ${end} }}`
const macro = `{% macro f() %}${'{{ a }}'.repeat(10_000)}{% endmacro %}`

test.each([
  ['loops in loops', '{% for a in range(99999) %}{% for b in range(99999) %}{{ a }}{% endfor %}{% endfor %}'],
  ['loops without a body', '{% for a in range(9999) %}{% for b in range(999) %}{% endfor %}{% endfor %}'],
  ['a range too large to be made', '{% for a in range(1000000000000) %}{% endfor %}'],
  ['a range downwards', '{% for a in range(0, -1000000000000, -1) %}{% endfor %}'],
  [
    'a macro that calls itself twice',
    '{% macro f(f, n) %}{% if n > 0 %}{{ f(f, n - 1) }}{{ f(f, n - 1) }}{% endif %}{% endmacro %}{{ f(f, 99) }}',
  ],
  ['a macro defined again and again', `{% for i in range(99999) %}${macro}{% endfor %}`],
  ['a text that doubles', grown("'ab'", 'ns.s ~ ns.s', 'ns.s')],
  ['an array that doubles', grown('[1]', 'ns.s + ns.s', 'ns.s | length')],
  ['an array twice in an array twice in an array', grown('[1]', '[ns.s, ns.s]', 'ns.s | tojson')],
])('a template that works without reasonable end is refused: %s', (_, source) => {
  expect(() => render(source)).toThrow('more than 100000 steps of work to write one conversation, so it may have no end')
})

test('recursion without end and texts larger than any are refused too', () => {
  expect(() => render('{% macro f(f) %}{{ f(f) }}{% endmacro %}{{ f(f) }}')).toThrow('Maximum call stack size exceeded')
  expect(() => render('{{ "a\nb" | indent(999999999) }}')).toThrow('Invalid string length')
  expect(() => compileTemplate('x'.repeat(100_001))).toThrow('100001 characters, at most 100000 are read')
})

test('a real template takes a hundredth of that', () => {
  const source = readFileSync(join(import.meta.dirname, 'fixtures', 'bytes', 'chat_template.jinja'), 'utf8')
  const variables = { messages: [{ role: 'user', content: 'hi' }], bos_token: '<s>', strftime_now: () => 'today' }
  expect(compileTemplate(source)(variables, steps / 100)).toContain('hi')
})

test('range is that of Python', () => {
  const written = (call: string): string => render(`{% for i in ${call} %}{{ i }} {% endfor %}`).trim()
  expect(['range(3)', 'range(2, 5)', 'range(7, 0, -3)', 'range(0, 7, 3)', 'range(-2)', 'range(3, 3)'].map(written)).toEqual([
    '0 1 2',
    '2 3 4',
    '7 4 1',
    '0 3 6',
    '',
    '',
  ])
  for (const wrong of ['range()', 'range(1, 2, 0)', "range('a')", 'range(1.5)'])
    expect(() => written(wrong)).toThrow('not one to three integers')
})

test('a variable goes before what jinja has under its name', () => {
  expect(render('{{ range }} {{ true }} {{ None is none }}', { range: 'here' })).toBe('here true true')
})

test('what is not there is not defined', () => {
  expect(render('{% set first = [] | first %}{{ first is defined }}{{ nothing }}{{ none }}')).toBe('false')
})
