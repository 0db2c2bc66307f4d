/** Functions of real numbers to 60 digits, remembered: they take most of a verdict's time, and answers ask for the same few values. */
import { Decimal } from 'decimal.js'

/** 60 digits; what leaves 10^(+-1000000) is no number. */
export const D: typeof Decimal = Decimal.clone({ precision: 60, maxE: 1_000_000, minE: -1_000_000, defaults: true })

const most = 4096 // values remembered; then all are forgotten
const memory = new Map<string, Decimal>()

function remembered(name: string, of: Decimal, compute: () => Decimal): Decimal {
  const key = `${name} ${of.toString()}`
  const known = memory.get(key)
  if (known !== undefined) return known
  if (memory.size >= most) memory.clear()
  const value = compute()
  memory.set(key, value)
  return value
}

export function sin(x: Decimal): Decimal {
  return remembered('sin', x, () => snapped(x.sin(), x))
}

export function cos(x: Decimal): Decimal {
  return remembered('cos', x, () => snapped(x.cos(), x))
}

export function exp(x: Decimal): Decimal {
  return remembered('exp', x, () => x.exp())
}

export function ln(x: Decimal): Decimal {
  return remembered('ln', x, () => x.ln())
}

export function sqrt(x: Decimal): Decimal {
  return remembered('sqrt', x, () => x.sqrt())
}

export function pow(x: Decimal, exponent: Decimal): Decimal {
  return remembered(`pow ${exponent.toString()}`, x, () => x.pow(exponent))
}

/** What 60 digits leave of a value that is zero. */
export const noise: Decimal = new D('1e-52')

/** A sine that is zero but for its last digits is zero, unless the angle itself is as small. */
function snapped(value: Decimal, angle: Decimal): Decimal {
  return value.abs().lt(noise) && angle.abs().gt(1e-9) ? new D(0) : value
}
