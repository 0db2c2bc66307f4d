/** JSON for scripts: typed arrays as arrays, numbers that JSON does not have as null. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (ArrayBuffer.isView(each) ? Array.from(each as Float32Array) : each))
}
