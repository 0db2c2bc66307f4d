import { assert, constantFrom, integer, property, string, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { all, type Pair, verdicts } from './fixtures/pairs.ts'
import { verifyDefaults, verifyStrict } from './policy.ts'
import { readProblem, verify } from './verify.ts'

const square = (a: number, b: number, c: number, d: number): string => `\\begin{pmatrix} ${a} & ${b} \\\\ ${c} & ${d} \\end{pmatrix}`

test('the answer is what stands in the last box, boxes side by side are a list, and without a box it is what is announced', () => {
  const extracted = (response: string): string | undefined => verify('7', response).extracted
  expect(extracted('first \\boxed{3}, then\n\\boxed{7}')).toBe('7')
  expect(extracted('\\boxed{\\frac{1}{\\sqrt{2}}}')).toBe('\\frac{1}{\\sqrt{2}}')
  expect(extracted('$x = \\boxed{3}$ or $x = \\boxed{7}$')).toBe('3 , 7')
  expect(extracted('12 + 5 is 17.\n#### 7')).toBe('7')
  expect(extracted('The answer is $7$. I hope it is correct.')).toBe('$7$')
  expect(extracted('Final answer: the largest $n$ is 34.')).toBe('34')
  expect(extracted('So we get $$x = 7$$ in the end.')).toBe('$$x = 7$$')
  expect(extracted('I do not know.')).toBeUndefined()
})

test('equal values are right, however they are written', () => {
  const right: readonly Pair[] = [
    ['204', '\\boxed{204}'],
    ['10,\\!080', '\\boxed{10080}'],
    ['\\frac{14}{3}', '\\boxed{4\\frac{2}{3}}'],
    ['\\frac43', '\\boxed{4/3}'],
    ['11\\sqrt2', '\\boxed{\\sqrt{242}}'],
    ['\\frac{9\\sqrt{23}}{23}', '\\boxed{\\frac{9}{\\sqrt{23}}}'],
    ['1-\\frac{2}{\\pi}', '\\boxed{\\frac{\\pi-2}{\\pi}}'],
    ['2^{25} \\cdot 26!', '\\boxed{26! \\times 2^{25}}'],
    ['0.\\overline{3}', '\\boxed{1/3}'],
    ['\\sin 30^\\circ', '\\boxed{0.5}'],
    ['6 - 5i', '\\boxed{-5i + 6}'],
    ['20\\%', '\\boxed{\\frac{1}{5}}'],
    ['90^\\circ', '\\boxed{\\frac{\\pi}{2}}'],
    ['864 \\mbox{ inches}^2', '\\boxed{6 \\text{ square feet}}'],
    ['5.4 \\text{ cents}', '\\boxed{\\$0.054}'],
    ['\\log_2 8', '\\boxed{3}'],
    ['x^2+2x+1', '\\boxed{(x+1)^2}'],
    ['\\tan^2 y + 1', '\\boxed{\\sec^2 y}'],
    ['10x \\sqrt{21x}', '\\boxed{10\\sqrt{21}x^{3/2}}'],
  ]
  expect(verdicts(right)).toEqual(all('right', right))
})

test('structures are compared by their parts', () => {
  const right: readonly Pair[] = [
    ['3, 5, 7', '\\boxed{7, 3 \\text{ and } 5}'],
    ['3 \\pm 2\\sqrt{2}', '\\boxed{x = 3 - 2\\sqrt2, 3 + 2\\sqrt2}'],
    ['\\{1\\pm\\sqrt{5},-2\\}', '\\boxed{-2, 1+\\sqrt5, 1-\\sqrt5}'],
    ['(-\\infty, 2) \\cup (3, \\infty)', '\\boxed{x > 3 \\text{ or } x < 2}'],
    ['[-2,7]', '\\boxed{-2 \\le x \\le 7}'],
    ['(-\\infty,-27)\\cup(-27,\\infty)', '\\boxed{\\mathbb{R} \\setminus \\{-27\\}}'],
    ['y = 2x + 3', '\\boxed{4x - 2y + 6 = 0}'],
    ['x < 1', '\\boxed{-x > -1}'],
    ['(6,31,-1)', '\\boxed{(p,q,r) = (6,31,-1)}'],
    ['AB=9, CD=4', '\\boxed{9, 4}'],
    ['1:4', '\\boxed{2 : 8}'],
    ['\\begin{pmatrix} -1/3 \\\\ 2/3 \\end{pmatrix}', '\\boxed{\\begin{bmatrix} -\\frac13 \\\\ \\frac23 \\end{bmatrix}}'],
    ['52_8', '\\boxed{52_{8}}'],
    ['\\text{(C)}', '\\boxed{\\textbf{(C) } 12}'],
    ['\\text{October 30}', '\\boxed{30th of October}'],
    ['8\\!:\\!34 \\text{ p.m.}', '\\boxed{20:34}'],
    ['\\mbox{four}', '\\boxed{4}'],
  ]
  expect(verdicts(right)).toEqual(all('right', right))
})

test('matrices are added and multiplied, and what a magnitude may be is a set', () => {
  const right: readonly Pair[] = [
    ['\\begin{pmatrix} 6 & 8 \\\\ 10 & 12 \\end{pmatrix}', `\\boxed{${square(1, 2, 3, 4)} + ${square(5, 6, 7, 8)}}`],
    ['\\begin{pmatrix} 6 & 8 \\\\ 10 & 12 \\end{pmatrix}', `\\boxed{2 ${square(3, 4, 5, 6)}}`],
    ['\\begin{pmatrix} 6 & 8 \\\\ 10 & 12 \\end{pmatrix}', `\\boxed{\\frac{1}{2} ${square(12, 20, 16, 24)}^T}`],
    ['\\begin{pmatrix} 7 \\\\ 4 \\end{pmatrix}', `\\boxed{${square(1, 2, 0, 1)} \\begin{pmatrix} -1 \\\\ 4 \\end{pmatrix}}`],
    ['(-5, 5)', '\\boxed{|x| < 5}'],
    ['1 \\le |z| \\le 2', '\\boxed{z \\in [-2, -1] \\cup [1, 2]}'],
    ['5', '\\boxed{|3 + 4i|}'],
    ['70^\\circ', '\\boxed{m\\angle ABC = 70^\\circ}'],
    ['12', '\\boxed{\\text{The answer is } 12}'],
    ['\\frac{5}{12}', '$$\\text{The answer is } \\frac{5}{12}$$'],
  ]
  expect(verdicts(right)).toEqual(all('right', right))
  const wrong: readonly Pair[] = [
    ['\\begin{pmatrix} 6 & 8 \\\\ 10 & 12 \\end{pmatrix}', `\\boxed{${square(1, 2, 3, 4)} ${square(5, 6, 7, 8)}}`],
    ['\\begin{pmatrix} 7 \\\\ 4 \\end{pmatrix}', `\\boxed{${square(1, 2, 0, 1)} \\begin{pmatrix} -1 & 4 \\end{pmatrix}}`], // shapes that do not fit
    [square(1, 2, 3, 4), `\\boxed{${square(1, 2, 3, 4)}^T}`],
    [square(1, 2, 3, 4), `\\boxed{${square(1, 2, 3, 4)} + 1}`],
    ['(-\\infty, -2) \\cup (2, \\infty)', '\\boxed{|x| \\ge 2}'],
    ['(-5, 5)', '\\boxed{|x| > 5}'],
    ['12', '\\boxed{\\text{The answer is not } 12}'],
  ]
  expect(verdicts(wrong)).toEqual(all('wrong', wrong))
})

test('near misses are wrong', () => {
  const wrong: readonly Pair[] = [
    ['2^{100}', '\\boxed{1267650600228229401496703205377}'], // one more
    ['\\frac{1}{3}', '\\boxed{0.333}'],
    ['\\sqrt{2}', '\\boxed{1.414}'],
    ['(3, 4]', '\\boxed{(3, 4)}'],
    ['(1, 2)', '\\boxed{(2, 1)}'],
    ['3, 5, 7', '\\boxed{3, 5}'],
    ['1 \\pm \\sqrt{19}', '\\boxed{1 + \\sqrt{19}}'],
    ['52_8', '\\boxed{42}'],
    ['52_8', '\\boxed{52_9}'],
    ['5.4 \\text{ cents}', '\\boxed{5.4 \\text{ dollars}}'],
    ['(a+5)(b+2)', '\\boxed{(+5)(b+2)}'],
    ['x > 5', '\\boxed{x < 5}'],
    ['y = 2x + 3', '\\boxed{y = 2x - 3}'],
    ['LQSX', '\\boxed{XSQL}'],
    ['8\\!:\\!34 \\text{ p.m.}', '\\boxed{8:34 a.m.}'],
    ['0.28', '\\boxed{28}'],
    ['.2', '\\boxed{2}'],
    ['4R^2', '\\boxed{4r^2}'],
  ]
  expect(verdicts(wrong)).toEqual(all('wrong', wrong))
})

test('answers that try to be rewarded are not', () => {
  const tricks: readonly Pair[] = [
    ['7', 'The answer is \\boxed{7} or \\boxed{8}.'],
    ['7', '\\boxed{7 \\text{ or } 8}'],
    ['\\text{(C)}', '\\boxed{\\text{(A), (B), (C), (D), (E)}}'],
    ['7', '\\boxed{}'],
    ['7', '\\boxed{9^{9^{9^{9}}}}'],
    ['7', '\\boxed{x}'],
    ['7', '\\boxed{\\frac{0}{0}}'],
    ['0', '\\boxed{e^{-200}}'],
    ['1', '\\boxed{1 + e^{-200}}'],
    ['(1, 2)', '\\boxed{(a, b)}'],
    ['x^2', '\\boxed{y^2}'],
  ]
  for (const [gold, response] of tricks) expect([gold, response, verify(gold, response).verdict]).not.toContain('right')
})

test('what cannot be decided is undecided and says why', () => {
  expect(verify('\\frac{1}{', '\\boxed{7}')).toMatchObject({ verdict: 'undecided', method: 'reading' })
  expect(verify('x', '\\boxed{\\sqrt{x^2}}')).toMatchObject({ verdict: 'undecided', method: 'identity' })
  expect(verify('1', '\\boxed{1 + e^{-200}}')).toMatchObject({ verdict: 'undecided', method: 'numeric' })
  expect(readProblem('\\frac{14}{3}')).toBeUndefined()
  expect(readProblem('')).toBe('the answer is empty')
})

test('strictness is a policy', () => {
  const pairs: readonly Pair[] = [
    ['\\frac13', '\\boxed{0.333333}'],
    ['20\\%', '\\boxed{20}'],
    ['20\\%', '\\boxed{0.2}'],
    ['5\\text{ cm}', '\\boxed{5}'],
    ['52_8', '\\boxed{52}'],
    ['5', '\\boxed{x = 5}'],
    ['1, 2', '\\boxed{2, 1}'],
    ['2.5', '\\boxed{2,5}'],
  ]
  expect(pairs.map(([gold, response]) => verify(gold, response, verifyDefaults).verdict)).toEqual(pairs.map(() => 'right'))
  expect(pairs.map(([gold, response]) => verify(gold, response, verifyStrict).verdict)).toEqual(pairs.map(() => 'wrong'))
})

const term = constantFrom('7', 'x', '\\frac{1}{3}', '\\sqrt{2}', '\\pi', '2x', '(x+1)', '-5', 'x^2', '0.25', '\\sin x')
const expression = tuple(term, constantFrom(' + ', ' - ', ' \\cdot '), term).map((parts) => parts.join(''))

test('an expression equals itself, in any spacing, and a sum or product the other way round', () => {
  assert(
    property(expression, expression, (a, b) => {
      expect(verify(a, `\\boxed{${a}}`).verdict).toBe('right')
      expect(verify(a, `\\boxed{\\, ${a.replaceAll(' ', '  \\; ')} \\!}`).verdict).toBe('right')
      expect(verify(`(${a}) + (${b})`, `\\boxed{\\left(${b}\\right) + \\left(${a}\\right)}`).verdict).toBe('right')
      expect(verify(`(${a}) (${b})`, `\\boxed{(${b}) \\times (${a})}`).verdict).toBe('right')
    }),
    { numRuns: 40 },
  )
})

test('what is right one way round is right the other way round', () => {
  assert(
    property(expression, expression, (a, b) => {
      expect(verify(a, `\\boxed{${b}}`).verdict === 'right').toBe(verify(b, `\\boxed{${a}}`).verdict === 'right')
    }),
    { numRuns: 60 },
  )
})

test('two integers are equal when their digits are', () => {
  assert(
    property(integer(), integer(), (a, b) => {
      expect(verify(String(a), `\\boxed{${b.toLocaleString('en')}}`).verdict).toBe(a === b ? 'right' : 'wrong')
    }),
  )
})

test('every text gets a verdict, the same one twice', () => {
  const signs = string({
    unit: constantFrom(
      '\\',
      '{',
      '}',
      '$',
      '\\boxed{',
      '^',
      '_',
      '1',
      'x',
      '(',
      ')',
      '[',
      ',',
      '|',
      '\\frac',
      '\\sqrt',
      ' ',
      '&',
      '\\text{',
      '\u202e',
      '\ud800',
      '\uff11',
    ),
  })
  assert(
    property(signs, signs, (a, b) => {
      const first = verify(a, b)
      expect(['right', 'wrong', 'undecided']).toContain(first.verdict)
      expect(first.why).not.toContain('internal')
      expect(verify(a, b)).toEqual(first)
    }),
    { numRuns: 200 },
  )
  assert(
    property(string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(verify('72', text).why).not.toContain('internal')
    }),
  )
})
