/** Something made when first asked for. */
export interface Once<T> {
  get(): Promise<T>
  /** What was made, if anything was. */
  made(): Promise<T> | undefined
}

export function once<T>(make: () => Promise<T>): Once<T> {
  let value: Promise<T> | undefined
  return { get: () => (value ??= make()), made: () => value }
}
