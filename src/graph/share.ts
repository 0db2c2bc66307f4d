/** The usual share of a gradient: the one that is simply added. */
import { type Share, type Value, emit } from './value.ts'

export function share(gradient: Value): Share {
  return (sum) => (sum === undefined ? gradient : emit('Add', [sum, gradient], sum.shape))
}
