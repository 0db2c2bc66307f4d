import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { engineName, secondOpinions } from './second-opinion.ts'

function isInstalled(): boolean {
  try {
    return createRequire(import.meta.url).resolve(engineName) !== ''
  } catch {
    return false
  }
}

test.skipIf(isInstalled())('where the computer algebra system is not installed, it is said how to get it', async () => {
  await expect(secondOpinions([['1', '1']])).rejects.toThrow(`${engineName}: not installed; npm install ${engineName}@0.140.0`)
})
