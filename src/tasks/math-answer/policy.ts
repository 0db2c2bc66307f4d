/** How strict the verifier is: every choice that a reader of a score would want to know, by name. Recorded beside what it judged. */

export interface VerifyPolicy {
  readonly roundedDigits: number // a decimal with this many significant digits may stand for a non-integer it is the rounding of; 0 = never
  readonly percentAsNumber: boolean // 28 for 28 %
  readonly percentAsFraction: boolean // 0.28 for 28 %
  readonly missingUnits: boolean // 5 for 5 cm, 30 for 30 degrees; a wrong unit is wrong in any case
  readonly missingBase: boolean // 52 for 52 in base 8
  readonly assignment: boolean // x = 5 for 5, and 5 for x = 5
  readonly anyOrder: boolean // of a list's items; tuples have an order always
  readonly decimalComma: boolean // 2,5 for a gold answer 2.5
  readonly undecided: 'leave' | 'wrong' // in training: left out of its group, without a gradient, or with the reward of a wrong answer
  readonly maxCharacters: number // of an answer; a longer one is not read
  readonly maxWork: number // counted steps of one verdict, about a microsecond each
}

export const verifyDefaults: VerifyPolicy = {
  roundedDigits: 6,
  percentAsNumber: true,
  percentAsFraction: true,
  missingUnits: true,
  missingBase: true,
  assignment: true,
  anyOrder: true,
  decimalComma: true,
  undecided: 'leave',
  maxCharacters: 2000,
  maxWork: 100_000,
}

/** Nothing is forgiven: decimals are exact, units, bases and percent signs must be there, lists have an order. */
export const verifyStrict: VerifyPolicy = {
  ...verifyDefaults,
  roundedDigits: 0,
  percentAsNumber: false,
  percentAsFraction: false,
  missingUnits: false,
  missingBase: false,
  assignment: false,
  anyOrder: false,
  decimalComma: false,
}

/** Three digits are enough for a value that is no integer: 4.24 for 3\sqrt{2}. */
const verifyLenient: VerifyPolicy = { ...verifyDefaults, roundedDigits: 3 }

export type Strictness = 'strict' | 'standard' | 'lenient'

/** What a run records of the policy it was judged with. */
export interface PolicyChoice {
  readonly strictness: Strictness
  readonly undecided: VerifyPolicy['undecided']
}

const policies: Readonly<Record<Strictness, VerifyPolicy>> = { strict: verifyStrict, standard: verifyDefaults, lenient: verifyLenient }

export const strictnesses: readonly Strictness[] = ['strict', 'standard', 'lenient']

export function policyOf({ strictness, undecided }: PolicyChoice): VerifyPolicy {
  return { ...policies[strictness], undecided }
}
