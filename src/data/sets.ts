/** Data sets that are known by name: where the public has them and what their fields are called. Data; none of them ships with the package. */
import { type Fields, usualFields } from './fields.ts'

export interface NamedSet {
  readonly name: string
  readonly what: string
  readonly source: string // its file on the Hugging Face hub
  readonly fields: Fields
}

const worked: Fields = { ...usualFields, problem: ['question'], mark: '####' }

export const namedSets: readonly NamedSet[] = [
  {
    name: 'gsm8k',
    what: 'grade-school problems with worked solutions, to learn from (7,473)',
    source: 'hf:openai/gsm8k@main/main/train-00000-of-00001.parquet',
    fields: worked,
  },
  {
    name: 'gsm8k-test',
    what: 'the same, to test with (1,319)',
    source: 'hf:openai/gsm8k@main/main/test-00000-of-00001.parquet',
    fields: worked,
  },
  {
    name: 'math-500',
    what: 'competition problems of all kinds (500)',
    source: 'hf:HuggingFaceH4/MATH-500@main/test.jsonl',
    fields: usualFields,
  },
  {
    name: 'aime-2024',
    what: 'American Invitational Mathematics Examination 2024, I and II (30)',
    source: 'hf:HuggingFaceH4/aime_2024@main/data/train-00000-of-00001.parquet',
    fields: usualFields,
  },
  {
    name: 'aime-2025',
    what: 'the same of 2025 (30)',
    source: 'hf:MathArena/aime_2025@main/data/train-00000-of-00001.parquet',
    fields: usualFields,
  },
  {
    name: 'hmmt-2025',
    what: 'Harvard-MIT Mathematics Tournament, February 2025 (30)',
    source: 'hf:MathArena/hmmt_feb_2025@main/data/train-00000-of-00001.parquet',
    fields: usualFields,
  },
  {
    name: 'deepscaler',
    what: 'competition problems with solutions, to learn from (about 40,000)',
    source: 'hf:agentica-org/DeepScaleR-Preview-Dataset@refs/convert/parquet/default/train/0000.parquet',
    fields: { ...usualFields, id: [] },
  },
]

/** The set of that name. */
export function namedSet(name: string): NamedSet | undefined {
  return namedSets.find((set) => set.name === name)
}
