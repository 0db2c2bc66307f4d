/** An answer's text with one way of writing each thing: Unicode signs as LaTeX commands, LaTeX spacing as spaces, digit groups joined. */

/** Signs that have a LaTeX command or an ASCII sign of their own. */
const signs: Readonly<Record<string, string>> = {
  '\u2212': '-',
  '\u2010': '-',
  '\u2011': '-',
  '\u2012': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\uff0d': '-',
  '\u00d7': '\\times ',
  '\u00b7': '\\cdot ',
  '\u22c5': '\\cdot ',
  '\u2022': '\\cdot ',
  '\u2217': '*',
  '\u00f7': '/',
  '\u2215': '/',
  '\u2044': '/',
  '\u03c0': '\\pi ',
  '\u221e': '\\infty ',
  '\u2264': '\\le ',
  '\u2265': '\\ge ',
  '\u2a7d': '\\le ',
  '\u2a7e': '\\ge ',
  '\u2260': '\\ne ',
  '\u2248': '\\approx ',
  '\u222a': '\\cup ',
  '\u2229': '\\cap ',
  '\u2208': '\\in ',
  '\u00b1': '\\pm ',
  '\u2213': '\\mp ',
  '\u00b0': '^\\circ ',
  '\u2205': '\\emptyset ',
  '\u211d': '\\mathbb{R}',
  '\u221a': '\\sqrt ',
  '\u221b': '\\sqrt[3]',
  '\u221c': '\\sqrt[4]',
  '\u00ba': '^\\circ ',
  '\u00bd': '\\frac{1}{2}',
  '\u00bc': '\\frac{1}{4}',
  '\u00be': '\\frac{3}{4}',
  '\u2153': '\\frac{1}{3}',
  '\u2154': '\\frac{2}{3}',
  '\u03b1': '\\alpha ',
  '\u03b2': '\\beta ',
  '\u03b3': '\\gamma ',
  '\u03b8': '\\theta ',
  '\u03bb': '\\lambda ',
  '\u03bc': '\\mu ',
  '\u03c6': '\\phi ',
  '\u03c9': '\\omega ',
  '\u2018': "'",
  '\u2019': "'",
  '\u2032': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u2236': ':',
  '\u20ac': ' euros ',
  '\u2220': ' ',
  '\u2026': '\\ldots ',
  '\u27e8': '(',
  '\u27e9': ')',
  '\u3008': '(',
  '\u3009': ')',
  '\u3001': ',',
}

const raised = '\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b\u207f\u1d40'
const lowered = '\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089'
const [raisedRun, loweredRun] = [raised, lowered].map((run) => new RegExp(`[${run}]+`, 'g')) as [RegExp, RegExp]
const plainRaised = '0123456789+-nT'

/** Signs above and below the line, a run of them as one power or one index. */
function scripted(text: string): string {
  const plain = (run: string, from: string, to: string): string => Array.from(run, (sign) => to[from.indexOf(sign)] ?? sign).join('')
  return text
    .replace(raisedRun, (run) => `^{${plain(run, raised, plainRaised)}}`)
    .replace(loweredRun, (run) => `_{${plain(run, lowered, '0123456789')}}`)
}

const commands =
  'frac|dfrac|tfrac|sqrt|left|right|begin|end|pi|text|cdot|times|infty|boxed|mathbf|mathrm|circ|cup|in|pm|le|ge|leq|geq|ne|neq'
const doubled = new RegExp(String.raw`(?<!\\)\\\\(?=(?:${commands})(?![a-zA-Z]))`, 'g')

/** The text without what no answer is made of: control signs, marks of direction, halves of surrogate pairs. Full-width letters are plain. */
export function plainText(text: string): string {
  if (/^[\x20-\x7e\n]*$/.test(text)) return priced(text)
  const known = priced(scripted(text))
    .replace(/[^\x20-\x7e\n]/gu, (sign) => signs[sign] ?? sign)
    .replaceAll('\\sqrt \\', '\\sqrt\\')
  return known
    .normalize('NFKC')
    .replace(/[\t\r\u0085\u2028\u2029]/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, (sign) => (sign === '\n' ? sign : ''))
    .replace(/\p{Zs}/gu, ' ')
}

const currencies: Readonly<Record<string, string>> = {
  USD: 'usd',
  EUR: 'euro',
  GBP: 'gbp',
  INR: 'rupee',
  Rs: 'rupee',
  '\u00a3': 'gbp',
  '\u20ac': 'euro',
  '\u00a5': 'yen',
  '\u20b9': 'rupee',
}

/** Signs of currencies behind what they measure. */
function priced(text: string): string {
  const signed = text.replace(
    /\b(USD|EUR|GBP|INR|Rs)\.?\s*(\d[\d.,]*\d|\d)/g,
    (_, name: string, amount: string) => `${amount}\\text{ ${currencies[name]}}`,
  )
  return signed.replace(
    /(-?)([\u00a3\u20ac\u00a5\u20b9])\s?(\d[\d.,]*\d|\d)|(?<=\d)\s?([\u00a3\u20ac\u00a5\u20b9])/g,
    (_, minus: string = '', before: string = '', amount: string = '', behind: string = '') =>
      `${minus}${amount}\\text{ ${currencies[before || behind]}}`,
  )
}

/** LaTeX that only moves things about, or says a thing in another way, is gone. */
export function plainLatex(text: string): string {
  if (!/[\\~{}$^]/.test(text)) return text.trim()
  return unstyled(rowsJoined(text))
    .replace(doubled, '\\')
    .replace(/(\d)(?:,\s*\\!\s*|\s*\{\s*,\s*\}\s*|\\,|,\\,|\\ |~|\\;)(?=\d{3}(?!\d))/g, '$1')
    .replace(/(?<=\d)\{,\}(?=\d)/g, ',')
    .replace(/\\(?:left|right|bigg?[lrm]?|Bigg?[lrm]?|middle)(?![a-zA-Z])\s*\.?(?=.)/g, '')
    .replace(/\\(?:displaystyle|textstyle|scriptstyle|limits|nolimits|hfill|noindent|allowbreak|nobreak|strut|rm|bf|it)(?![a-zA-Z])/g, ' ')
    .replace(/\\q?quad|\\(?:enspace|thinspace|medspace|hspace\{[^{}]*\}|vspace\{[^{}]*\})(?![a-zA-Z])|(?<!\\)\\[,;: >]|~/g, ' ')
    .replace(/(?<!\\)\\(?:[!()\]]|\[(?!\d+(?:pt|ex|em|mm)))/g, '')
    .replace(/(?:(?<![a-zA-Z\\])m\s*)?\\(?:measured)?angle(?![a-zA-Z])/g, ' ')
    .replace(/\{\s*:\s*\}|\\colon(?![a-zA-Z])/g, ':')
    .replace(/\\(?:dfrac|tfrac|cfrac|nicefrac|sfrac)(?![a-zA-Z])/g, '\\frac')
    .replace(/\\(?:boxed|fbox|hbox|ensuremath)\s*(?=\{)/g, '')
    .replace(/(?<!\\)\$/g, ' ')
    .trim()
}

const modulus = String.raw`(?:\\(?:text|mathrm|operatorname)\{\s*mod\s*\}|\\p?mod(?![a-zA-Z]))\s*\{?\s*(\w+)\s*\}?`
const congruence = new RegExp(String.raw`\(\s*${modulus}\s*\)|${modulus}`, 'g')

/** Sizes, colours and type, whatever they are said of, and older ways of writing fractions and words. */
function unstyled(text: string): string {
  return text
    .replace(/\\(?:textcolor|colorbox|fcolorbox)\s*\{[^{}]*\}(?:\{[^{}]*\})??\s*(?=\{)|\\color\s*\{[^{}]*\}/g, '')
    .replace(/\\(?:tiny|scriptsize|footnotesize|small|normalsize|large|Large|LARGE|huge|Huge|bfseries|itshape)(?![a-zA-Z])/g, ' ')
    .replace(/\\rm\s*\{([^{}]*)\}|\{\s*\\rm(?![a-zA-Z])[\s~]*([^{}]*)\}/g, (_, a, b) => `\\text{${a ?? b}}`)
    .replace(/\{([^{}]*)\\over(?![a-zA-Z])([^{}]*)\}/g, '\\frac{$1}{$2}')
    .replace(/\{([^{}]*)\\choose(?![a-zA-Z])([^{}]*)\}/g, '\\binom{$1}{$2}')
    .replace(/\\frac\s*\{\s*\\(?:text|mathrm)\{([^{}]*)\}\s*\}\s*\{\s*\\(?:text|mathrm)\{([^{}]*)\}\s*\}/g, '\\text{$1/$2}')
    .replace(/\\text\{\s*(?:about|approximately|approx\.?|roughly|around)\s*\}/gi, ' ')
    .replace(/\\text\{\s*\(?\s*(?:in\s+)?base[\s-]+(\w+)\s*\)?\s*\}/gi, '_{$1}')
    .replace(congruence, (_, bracketed?: string, bare?: string) => ` \\pmod{${bracketed ?? bare}}`)
    .replace(/\\[hv]?phantom\s*\{[^{}]*\}/g, ' ')
    .replace(/\\not\s*=/g, '\\ne ')
    .replace(/\\var(phi|epsilon|theta|rho)(?![a-zA-Z])/g, '\\$1')
    .replace(/\\textdollar(?![a-zA-Z])/g, '\\$')
    .replace(/\\(?:checkmark|blacksquare|qed)(?![a-zA-Z])/g, ' ')
    .replace(/(?:\{\})?[_^]\{?(\d+)\}?\s*C_\{?(\d+)\}?/g, '\\binom{$1}{$2}')
    .replace(/(?<![a-zA-Z\\])(?:C|\\mathrm\{C\})_\{?(\d+|[a-z])\}?\^\{?(\d+|[a-z])\}?/g, '\\binom{$1}{$2}')
    .replace(/(?<==.*)\s*\(([^()]*(?:\\neq?|\\[lg]eq?|[<>])[^()]*)\)\s*$/s, ' , $1')
    .replace(/\\pounds\s*(\d[\d.,]*\d|\d)/g, '$1\\text{ gbp}')
}

/** Lines of an environment that sets them below each other: one that begins with a relation goes on with the line before. */
function rowsJoined(text: string): string {
  return text
    .replace(/\\\\\s*\[\s*-?[\d.]+\s*(?:pt|ex|em|mm|cm)\s*\]/g, '\\\\')
    .replace(/\\begin\{((?:align(?:ed|at)?|split|gather(?:ed)?|eqnarray|equation|multline|cases)\*?)\}([^]*?)\\end\{\1\}/g, joined)
}

function joined(whole: string, name: string, body: string): string {
  const rows = body
    .split('\\\\')
    .map((row) => row.replace(/(?<!\\)&/g, ' ').trim())
    .filter((row) => row !== '')
  if (name === 'cases' && !rows.every((row) => row.split('=').length === 2)) return whole // a function in pieces
  const goesOn = /^(?:[=<>+]|\\(?:approx|le|ge|leq|geq|equiv)(?![a-zA-Z]))/
  return rows.reduce((all, row) => (all === '' || goesOn.test(row) ? `${all} ${row}` : `${all} , ${row}`), '')
}
