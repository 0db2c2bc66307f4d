/**
 * Which answers reflect: phrases with which a solver turns back on its own words. The list is data with a version, printed beside every
 * reflection rate, since a rate means nothing without its list [D: the paper's own list is unknown to us]. It looks at wording only; whether a
 * reflection is right is the verifier's business.
 */

export interface ReflectionMarkers {
  readonly version: string
  readonly patterns: readonly string[] // regular expressions, without regard to case
}

/** `wait` counts where it opens a clause ("wait, ..."), not as an ordinary verb ("they wait for the bus"). */
export const reflectionMarkers: ReflectionMarkers = {
  version: '1',
  patterns: [
    String.raw`(?:^|[.,;:!?)(\n"'-]\s*|\b(?:but|so|no|oh)\s+)wait\b(?!\s+(?:for|until|times?|lists?|in|at|on|to|a|an)\b)`,
    String.raw`\bhold on\b(?!\s+to\b)`,
    String.raw`\bon second thought`,
    String.raw`\b(?:that|this|which)(?:'s| is| was| can't be| cannot be) (?:wrong|not right|not correct|incorrect|a mistake|an error)\b`,
    String.raw`\bI (?:\w+ )?(?:made|have made|see) (?:a|an|my|the) (?:\w+ )?(?:mistake|error)\b`,
    String.raw`\bI (?:was wrong|miscalculated|misread|misunderstood|misinterpreted|miscounted|messed up|got (?:that|this|it) wrong)\b`,
    String.raw`\bmy (?:mistake|error)\b`,
    String.raw`\b(?:let me|let's|I should|I need to|I must|I'll|I will) (?:re-?(?:check|calculate|compute|consider|examine|read|think|do|count|visit)|double[- ]check|check (?:that|this|it|my \w+)|correct|fix|try again|start over|go back)\b`,
    String.raw`\b(?:oops|whoops)\b`,
    String.raw`\bcorrection:`,
  ],
}

const expression = new RegExp(reflectionMarkers.patterns.map((pattern) => `(?:${pattern})`).join('|'), 'i')

/** Whether a text contains a reflection marker. */
export function reflects(text: string): boolean {
  return expression.test(text)
}
