/** What the fields of a data set are called, as --field says it. */
import type { FieldNames } from '../../data/source.ts'
import { UsageError } from '../../errors.ts'

/** `problem=q`, `answer=target`: UsageError for what is not like that. */
export function fieldNames(given: readonly string[]): Partial<FieldNames> {
  const pairs = given.map((each) => {
    const [, name, field] = /^(problem|answer|solution|id)=(.+)$/s.exec(each) ?? []
    if (name === undefined) throw new UsageError(`--field ${each}: not NAME=FIELD with problem, answer, solution or id as the name`)
    return [name, field]
  })
  return Object.fromEntries(pairs) as Partial<FieldNames>
}
