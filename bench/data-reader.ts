/** One reading of a file in a process of its own: `node data-reader.js tapo|parse FILE` prints `{ rows, seconds, peakRssMb }`. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { usualFields } from '../src/data/fields.ts'
import { openRows } from '../src/data/rows.ts'
import { unreadable } from '../src/tasks/math/math.ts'

export interface Reading {
  readonly rows: number
  readonly seconds: number // of the processor, so that a busy machine changes little
  readonly peakRssMb: number // of the process
}

const readers: Readonly<Record<string, (path: string) => Promise<number>>> = {
  /** As the math task reads it: every row is checked, its gold answer by the verifier, and where it stands is kept. */
  tapo: async (path) => (await openRows(path, { name: 'bench', fields: usualFields, fault: unreadable })).size,
  /** What JSON alone costs: nothing is checked and nothing kept. */
  parse: async (path) => {
    let rows = 0
    for await (const line of createInterface({ input: createReadStream(path) })) if (JSON.parse(line) !== null) rows += 1
    return rows
  },
}

const [reader = '', path = ''] = process.argv.slice(2)
const begun = process.cpuUsage()
const rows = (await readers[reader]?.(path)) ?? 0
const { user, system } = process.cpuUsage(begun)
const reading: Reading = { rows, seconds: (user + system) / 1e6, peakRssMb: Math.ceil(process.resourceUsage().maxRSS / 1024) }
console.log(JSON.stringify(reading))
