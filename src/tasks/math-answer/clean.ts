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
  '\u00b2': '^{2}',
  '\u00b3': '^{3}',
  '\u00b9': '^{1}',
  '\u2070': '^{0}',
  '\u2074': '^{4}',
  '\u2075': '^{5}',
  '\u2076': '^{6}',
  '\u2077': '^{7}',
  '\u2078': '^{8}',
  '\u2079': '^{9}',
  '\u207b': '^{-1}',
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
  '\u00a3': ' pounds ',
  '\u2220': ' ',
  '\u2026': '\\ldots ',
  '\u27e8': '(',
  '\u27e9': ')',
  '\u3008': '(',
  '\u3009': ')',
  '\u3001': ',',
}

const commands =
  'frac|dfrac|tfrac|sqrt|left|right|begin|end|pi|text|cdot|times|infty|boxed|mathbf|mathrm|circ|cup|in|pm|le|ge|leq|geq|ne|neq'
const doubled = new RegExp(String.raw`(?<!\\)\\\\(?=(?:${commands})(?![a-zA-Z]))`, 'g')

/** The text without what no answer is made of: control signs, marks of direction, halves of surrogate pairs. Full-width letters are plain. */
export function plainText(text: string): string {
  if (/^[\x20-\x7e\n]*$/.test(text)) return text
  const known = text.replace(/[^\x20-\x7e\n]/gu, (sign) => signs[sign] ?? sign).replaceAll('\\sqrt \\', '\\sqrt\\')
  return known
    .normalize('NFKC')
    .replace(/[\t\r\u0085\u2028\u2029]/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, (sign) => (sign === '\n' ? sign : ''))
    .replace(/\p{Zs}/gu, ' ')
}

/** LaTeX that only moves things about, or says a thing in another way, is gone. */
export function plainLatex(text: string): string {
  if (!/[\\~{}$^]/.test(text)) return text.trim()
  return text
    .replace(doubled, '\\')
    .replace(/(\d)(?:,\s*\\!\s*|\s*\{\s*,\s*\}\s*|\\,|,\\,|\\ |~|\\;)(?=\d{3}(?!\d))/g, '$1')
    .replace(/\\(?:left|right|bigg?[lrm]?|Bigg?[lrm]?|middle)(?![a-zA-Z])\s*\.?(?=.)/g, '')
    .replace(
      /\\(?:displaystyle|textstyle|scriptstyle|limits|nolimits|phantom|hfill|noindent|allowbreak|nobreak|strut|rm|bf|it)(?![a-zA-Z])/g,
      ' ',
    )
    .replace(/\\q?quad|\\(?:enspace|thinspace|medspace|hspace\{[^{}]*\}|vspace\{[^{}]*\})(?![a-zA-Z])|(?<!\\)\\[,;: >]|~/g, ' ')
    .replace(/(?<!\\)\\(?:[!()\]]|\[(?!\d+(?:pt|ex|em|mm)))/g, '')
    .replace(/(?:(?<![a-zA-Z\\])m\s*)?\\(?:measured)?angle(?![a-zA-Z])/g, ' ')
    .replace(/\{\s*:\s*\}|\\colon(?![a-zA-Z])/g, ':')
    .replace(/\\(?:dfrac|tfrac|cfrac|nicefrac|sfrac)(?![a-zA-Z])/g, '\\frac')
    .replace(/\\(?:boxed|fbox|hbox|ensuremath)\s*(?=\{)/g, '')
    .replace(/(?<!\\)\$/g, ' ')
    .trim()
}
