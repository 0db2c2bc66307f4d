/** Commands and words that mean something in an answer, and what they mean. Data. */

/** Functions by every name they are written with. */
export const functionNames: ReadonlyMap<string, string> = new Map([
  ...['sin', 'cos', 'tan', 'cot', 'sec', 'csc', 'sinh', 'cosh', 'tanh', 'arcsin', 'arccos', 'arctan'].map((name) => [name, name] as const),
  ...['ln', 'log', 'exp', 'sqrt', 'cbrt', 'abs', 'gcd', 'lcm', 'lg'].map((name) => [name, name] as const),
  ['cosec', 'csc'],
  ['asin', 'arcsin'],
  ['acos', 'arccos'],
  ['atan', 'arctan'],
  ['floor', 'floor'],
  ['ceil', 'ceil'],
  ['tg', 'tan'],
  ['ctg', 'cot'],
  ['Re', 'Re'],
  ['Im', 'Im'],
  ['cis', 'cis'],
])

/** Constants by every name they are written with, commands included. */
export const constantNames: ReadonlyMap<string, 'pi' | 'e' | 'i' | 'infinity'> = new Map([
  ['pi', 'pi'],
  ['Pi', 'pi'],
  ['e', 'e'],
  ['i', 'i'],
  ['infty', 'infinity'],
  ['infinity', 'infinity'],
  ['inf', 'infinity'],
  ['oo', 'infinity'],
])

/** Signs by the commands for them. */
export const signCommands: ReadonlyMap<string, string> = new Map([
  ['le', '<='],
  ['leq', '<='],
  ['leqslant', '<='],
  ['ge', '>='],
  ['geq', '>='],
  ['geqslant', '>='],
  ['lt', '<'],
  ['gt', '>'],
  ['ne', '!='],
  ['neq', '!='],
  ['in', 'in'],
  ['approx', '~'],
  ['simeq', '~'],
  ['cong', '~'],
  ['sim', '~'],
  ['doteq', '~'],
  ['equiv', '='],
  ['cdot', '*'],
  ['times', '*'],
  ['ast', '*'],
  ['bullet', '*'],
  ['div', '/'],
  ['pm', 'pm'],
  ['mp', 'mp'],
  ['cup', 'cup'],
  ['bigcup', 'cup'],
  ['cap', 'cap'],
  ['setminus', 'setminus'],
  ['backslash', 'setminus'],
  ['circ', 'degree'],
  ['degree', 'degree'],
  ['lbrace', '\\{'],
  ['rbrace', '\\}'],
  ['lbrack', '['],
  ['rbrack', ']'],
  ['langle', '('],
  ['rangle', ')'],
  ['lvert', '|'],
  ['rvert', '|'],
  ['vert', '|'],
  ['mid', '|'],
  ['lfloor', 'lfloor'],
  ['rfloor', 'rfloor'],
  ['lceil', 'lceil'],
  ['rceil', 'rceil'],
  ['ldots', '...'],
  ['dots', '...'],
  ['cdots', '...'],
  ['dotsc', '...'],
  ['lor', 'or'],
  ['vee', 'or'],
  ['land', 'and'],
  ['wedge', 'and'],
  ['colon', ':'],
  ['prime', "'"],
])

/** Commands whose argument is plain words. */
export const textCommands: ReadonlySet<string> = new Set([
  'text',
  'mbox',
  'textbf',
  'textit',
  'textrm',
  'textnormal',
  'textsf',
  'texttt',
  'textsc',
  'mathrm',
  'operatorname',
  'mathsf',
  'mathit',
  'emph',
])

/** Commands whose argument is mathematics in another type. */
export const typeCommands: ReadonlySet<string> = new Set([
  'mathbf',
  'boldsymbol',
  'bm',
  'mathbb',
  'mathcal',
  'underline',
  'vec',
  'hat',
  'pmb',
])

/** Units: what measures the same, and how many of the smallest of its kind one is. */
export const units: ReadonlyMap<string, readonly [kind: string, size: number]> = new Map(
  Object.entries({
    length: {
      mm: 1,
      millimeter: 1,
      cm: 10,
      centimeter: 10,
      centimetre: 10,
      dm: 100,
      decimeter: 100,
      m: 1000,
      meter: 1000,
      metre: 1000,
      km: 1e6,
      kilometer: 1e6,
      kilometre: 1e6,
    },
    yards: { inch: 1, in: 1, foot: 12, feet: 12, ft: 12, yard: 36, yd: 36, mile: 63360, mi: 63360 },
    time: { second: 1, sec: 1, s: 1, minute: 60, min: 60, hour: 3600, hr: 3600, h: 3600, day: 86400, week: 604800 },
    years: { month: 1, year: 12, yr: 12 },
    money: { cent: 1, dollar: 100, usd: 100, buck: 100 },
    mass: { mg: 1, g: 1000, gram: 1000, kg: 1e6, kilogram: 1e6, ton: 1e9, tonne: 1e9 },
    weight: { ounce: 1, oz: 1, pound: 16, lb: 16 },
    volume: { ml: 1, milliliter: 1, liter: 1000, litre: 1000, l: 1000 },
    gallons: { cup: 1, pint: 2, quart: 4, gallon: 16 },
    euros: { euro: 1 },
    sterling: { gbp: 1 },
    yens: { yen: 1 },
    rupees: { rupee: 1, rs: 1, inr: 1 },
    angle: { degree: 1, deg: 1 },
    radians: { radian: 1, rad: 1 },
    percent: { percent: 1, pct: 1, percentage: 1 },
    plain: { unit: 1 },
  }).flatMap(([kind, sizes]) => Object.entries(sizes).map(([name, size]) => [name, [kind, size]] as const)),
)

/** Words for small numbers. */
export const numberWords: ReadonlyMap<string, number> = new Map(
  [
    ...'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
      ' ',
    ),
    'twenty',
  ].map((word, value) => [word, value] as const),
)

/** Commands that relate statements or figures. */
const relating = [
  'to',
  'rightarrow',
  'Rightarrow',
  'implies',
  'iff',
  'subset',
  'subseteq',
  'supset',
  'supseteq',
  'parallel',
  'perp',
] as const

/** Commands that say something of what stands beside them and are no value. */
export const noValues: ReadonlySet<string> = new Set([...relating, 'leftarrow', 'not', 'neg', 'notin', 'partial', 'nabla', 'cancel'])

/** Commands beside which letters are names of points, figures or statements and not variables. */
export const namingCommands: readonly string[] = [...relating, 'triangle', 'Delta', 'angle', 'square', 'odot', 'sim', 'cong']
