/** Numbers and texts as people read them. Pure. */
import type { Interval } from '../../evaluation/wilson.ts'
import type { Paint } from './paint.ts'

/** A share as a percentage: '41.2 %'. */
export function percent(share: number, digits: number = 1): string {
  return `${(100 * share).toFixed(digits)} %`
}

/** '43.1 % [41.0, 45.2]' */
export function percentInterval({ value, low, high }: Interval): string {
  return `${percent(value)} [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`
}

/** A change of a share: '+2.4 points [+0.1, +4.6]', green or red; yellow where the interval holds zero. */
export function changeText({ value, low, high }: Interval, paint: Paint): string {
  const points = (share: number): string => `${share < 0 ? '' : '+'}${(100 * share).toFixed(1)}`
  const hue = low > 0 ? 'green' : high < 0 ? 'red' : 'yellow'
  return paint([hue, 'bold'], `${points(value)} points [${points(low)}, ${points(high)}]${hue === 'yellow' ? ', within chance' : ''}`)
}

/** '870', '4.2k', '100k', '1.3M' */
export function short(count: number): string {
  if (count >= 999_500) return `${(count / 1e6).toFixed(1)}M`
  if (count >= 99_950) return `${Math.round(count / 1000)}k`
  return count >= 1000 ? `${(count / 1000).toFixed(1)}k` : String(Math.round(count))
}

/** '0.8 s', '42 s', '2 m 05 s', '3 h 20 m' */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} m ${String(whole % 60).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} m`
}

/** 'just now', '5 m ago', '3 h ago', '2 d ago' */
export function age(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes} m ago`
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h ago` : `${Math.floor(minutes / (24 * 60))} d ago`
}

/** '850 MB', '2.4 GB' */
export function megabytes(mb: number): string {
  return mb >= 1000 ? `${(mb / 1000).toFixed(1)} GB` : `${Math.round(mb)} MB`
}

/** '24 problems x 8 attempts'; where nothing is attempted, '32 problems'. */
export function stepSize({ problems, groupSize }: { readonly problems: number; readonly groupSize: number }): string {
  if (groupSize === 0) return `${problems} problems`
  return `${problems} problems x ${groupSize} ${groupSize === 1 ? 'attempt' : 'attempts'}`
}

/** A figure in few characters: 3 significant digits, exponents where they are shorter. */
export function figure(value: number): string {
  if (value === 0 || Number.isInteger(value)) return String(value)
  const magnitude = Math.abs(value)
  return magnitude < 1e-3 || magnitude >= 1e6 ? value.toExponential(1) : String(Number(value.toPrecision(3)))
}

/** A model's text without characters that would steer the terminal. Line ends stay. */
export function printable(text: string): string {
  return text.replaceAll('\t', '  ').replaceAll(/(?!\n)\p{Cc}/gu, '\ufffd')
}

/** At most `width` characters, on one line. */
export function excerpt(text: string, width: number): string {
  const line = printable(text).replaceAll(/\s+/g, ' ').trim()
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 3))}...`
}
