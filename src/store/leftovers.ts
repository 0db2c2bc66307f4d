/** What a kill leaves in a run folder: half-written files, and whole ones whose event was never written. */
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunEvent } from './events.ts'

/** Removes everything among rollouts and checkpoints that the log does not name; the rest of the folder is not touched. */
export async function removeLeftovers(directory: string, events: readonly RunEvent[]): Promise<void> {
  const named = new Set(events.flatMap(namedBy))
  for (const folder of ['rollouts', 'checkpoints']) {
    if (!existsSync(join(directory, folder))) continue
    for (const name of await readdir(join(directory, folder))) {
      if (!named.has(`${folder}/${name}`)) await rm(join(directory, folder, name), { recursive: true })
    }
  }
}

function namedBy(event: RunEvent): string[] {
  if (event.type === 'step') return [event.rollouts.path]
  return event.type === 'checkpoint' ? [event.directory] : []
}
