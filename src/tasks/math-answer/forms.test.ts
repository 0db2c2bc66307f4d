import { expect, test } from 'vitest'
import { all, type Pair, verdicts } from './fixtures/pairs.ts'
import { verify } from './verify.ts'

test('what an answer is the value of, the letter of its choice and what it holds for may stand beside it', () => {
  const right: readonly Pair[] = [
    ['5', '\\boxed{m + n = 5}'],
    ['\\frac12', '\\boxed{P(A \\mid B) = \\frac{1}{2}}'],
    ['3x^2', "\\boxed{f'(x) = 3x^2}"],
    ['\\frac13', '$\\int_0^1 x^2 dx = \\frac13$'],
    ['12', '\\boxed{\\textbf{(B)}\\ 12}'],
    ['\\textbf{(B)}\\ 12', '\\boxed{B}'],
    ['B', 'Answer: **B) 12**'],
    ['f(x)=x', '\\boxed{f(x) = x \\text{ for all } x \\in \\mathbb{R}}'],
    ['\\frac{\\pi}{4}+k\\pi', '\\boxed{x = \\frac{\\pi}{4} + k\\pi, k \\in \\mathbb{Z}}'],
    ['(1,2)', '\\boxed{\\begin{cases} x = 1 \\\\ y = 2 \\end{cases}}'],
  ]
  expect(verdicts(right)).toEqual(all('right', right))
  const wrong: readonly Pair[] = [
    ['4', '\\boxed{x^2 + y^2 = 5}'],
    ['2', '\\boxed{x = 1, y = 2}'],
    ['x^2 + y^2 = 4', '\\boxed{4}'],
    ['\\textbf{(B)}\\ 12', '\\boxed{\\textbf{(C)}\\ 12}'],
    ['\\text{(B)}', '\\boxed{\\text{(B) is incorrect}}'],
    ['(a,b)=(2,5)', '\\boxed{b=2, a=5}'],
    ['17', '\\boxed{18 = 17}'],
  ]
  expect(verdicts(wrong)).toEqual(all('wrong', wrong))
})

test('conditions are sets: any with or, all with and', () => {
  const right: readonly Pair[] = [
    ['\\{x \\mid -1<x<3\\}', '\\boxed{(-1,3)}'],
    ['(-\\infty,-1)\\cup(2,\\infty)', '\\boxed{\\{x \\in \\mathbb{R} : x < -1 \\text{ or } x > 2\\}}'],
    ['[0,1]', '\\boxed{x \\ge 0 \\text{ and } x \\le 1}'],
    ['(-1,0)\\cup(0,1)', '\\boxed{-1<x<1, x \\ne 0}'],
    ['(-\\infty,2)\\cup(2,\\infty)', '\\boxed{\\mathbb{R} - \\{2\\}}'],
  ]
  expect(verdicts(right)).toEqual(all('right', right))
  const wrong: readonly Pair[] = [
    ['(-\\infty,2)\\cup(3,\\infty)', '\\boxed{x < 2 \\text{ and } x > 3}'],
    ['(2,5)', '\\boxed{x > 2 \\text{ or } x < 5}'],
    ['[0,1)', '\\boxed{0, 1}'],
    ['x=2\\text{ and }y=3', '\\boxed{x=2 \\text{ or } y=3}'],
  ]
  expect(verdicts(wrong)).toEqual(all('wrong', wrong))
})

test('an equation that always holds, and functions that differ elsewhere, are no answer', () => {
  const wrong: readonly Pair[] = [
    ['x=3', '\\boxed{x=x}'],
    ['y=2x+3', '\\boxed{x+y=y+x}'],
    ['x>3', '\\boxed{x>x}'],
    ['x=3, y=4', '\\boxed{x=x, y=y}'],
    ['|x-3|', '\\boxed{3-x}'],
    ['\\lfloor\\frac{n^2}{4}\\rfloor', '\\boxed{0}'],
    ['n!', '\\boxed{n^n}'],
    ['100!', '\\boxed{100}'],
    ['2^{10}', '\\boxed{2\u00b9\u00b9}'],
  ]
  expect(verdicts(wrong)).toEqual(all('wrong', wrong))
  const right: readonly Pair[] = [
    ['\\frac{n(n+1)}{2}', '\\boxed{\\binom{n+1}{2}}'],
    ['\\binom{2n}{n}', '\\boxed{\\frac{(2n)!}{(n!)^2}}'],
    ['\\lceil\\frac{n}{2}\\rceil', '\\boxed{\\lfloor\\frac{n+1}{2}\\rfloor}'],
    ['2^{10}', '\\boxed{2\u00b9\u2070}'],
    ['52_8', '\\boxed{52\u2088}'],
  ]
  expect(verdicts(right)).toEqual(all('right', right))
})

test('units are measures, whatever they are made of, and other words may not change the number', () => {
  const right: readonly Pair[] = [
    ['13', '\\boxed{\\text{13 students}}'],
    ['5', '\\boxed{5 m/s}'],
    ['3.5 \\text{ hours}', '\\boxed{3 \\text{ hours } 30 \\text{ minutes}}'],
    ['22.5^\\circ', "\\boxed{22^\\circ 30'}"],
    ['60 \\text{ km/h}', '\\boxed{1 \\text{ km/min}}'],
    ['\u00a315', '\\boxed{15}'],
  ]
  expect(verdicts(right)).toEqual(all('right', right))
  const wrong: readonly Pair[] = [
    ['120 \\text{ km/h}', '\\boxed{120 \\text{ m/s}}'],
    ['60', '\\boxed{60 \\text{ dozen}}'],
    ['60', '\\boxed{60 \\text{ or more}}'],
    ['60', '\\boxed{60 \\text{ is wrong}}'],
    ['20\\%\\text{ decrease}', '\\boxed{20\\% \\text{ increase}}'],
    ['0.05', '\\boxed{0.05\\%}'],
    ['5 \\text{ hours } 30 \\text{ minutes}', '\\boxed{2.5 \\text{ hours}}'],
  ]
  expect(verdicts(wrong)).toEqual(all('wrong', wrong))
})

test('without a box the answer is a whole formula, or what is set in bold at the end', () => {
  const extracted = (response: string): string | undefined => verify('7', response).extracted
  expect(extracted('The minimum is **\u22127**.')).toBe('\u22127')
  expect(extracted('So the area is 25\u03c0.')).toBe('25\u03c0')
  expect(extracted('So the vertex is at (3, 4).')).toBe('(3, 4)')
  expect(extracted('So we get z = 3 + 4i.')).toBe('z = 3 + 4i')
  expect(extracted('We get $x = 14$.\n\n**C**')).toBe('C')
  expect(extracted('There are 13 students.')).toBe('13 students')
  expect(extracted('Hence $a+b=6$. $\\blacksquare$')).toBe('$a+b=6$')
  expect(extracted('The answer is not 12.')).toBe('not 12')
  expect(extracted('$x = -\\boxed{12}$')).toBe('-{12}')
})

test('names that come again make a list of tuples, and their values are no tuple in any order', () => {
  const right: readonly Pair[] = [
    ['(3,4),(4,3)', '\\boxed{x=3, y=4 \\text{ or } x=4, y=3}'],
    ['(3,4),(5,6)', '\\boxed{(x,y)=(5,6), (x,y)=(3,4)}'],
    ['-\\frac12, 4', '\\boxed{x_1 = 4, x_2 = -\\frac12}'],
    ['(1,1,1)', '\\boxed{a=b=c=1}'],
    ['\\frac{\\pi}{4}+n\\pi', '\\boxed{\\frac{\\pi}{4}+k\\pi}'],
    ['104', '\\boxed{\\textbf{(104)}}'],
    ['19', '$\\framebox{19}$'],
  ]
  expect(verdicts(right)).toEqual(all('right', right))
  const wrong: readonly Pair[] = [
    ['(3,4)', '\\boxed{x=3, y=4 \\text{ or } x=4, y=3}'],
    ['(1,3)', '\\boxed{(x,y)=(3,3) \\text{ or } (x,y)=(1,1)}'],
    ['[0,1]', '\\boxed{x=0 \\text{ or } x=1}'],
    ['(1,2,3)', '\\boxed{x=3, x=2, x=1}'],
    ['(3,-1)', '\\boxed{3 \\text{ or } -1}'],
  ]
  expect(verdicts(wrong)).toEqual(all('wrong', wrong))
})
