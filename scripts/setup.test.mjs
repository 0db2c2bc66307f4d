/** Whether node_modules counts as installed: read from npm's own records, so that no stamp of ours can go stale. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { installed } from './setup.mjs'

/** A folder whose lockfile wants `wanted` and whose node_modules holds `held` (undefined: none, or an interrupted install). */
function isInstalled(wanted, held) {
  const folder = mkdtempSync(join(tmpdir(), 'tapo-setup-'))
  try {
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...wanted } }))
    mkdirSync(join(folder, 'node_modules'))
    if (held !== undefined) writeFileSync(join(folder, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: held }))
    return installed(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const zod = (version) => ({ 'node_modules/zod': { version } })

test('an install is kept while every locked package has its version, and repeated when one has another or none', () => {
  expect(isInstalled(zod('4.6.7'), zod('4.6.7'))).toBe(true)
  expect(isInstalled(zod('4.6.7'), zod('4.6.6'))).toBe(false)
  expect(isInstalled(zod('4.6.7'), {})).toBe(false)
  expect(isInstalled(zod('4.6.7'), undefined)).toBe(false)
})

test('packages for other platforms need not be there', () => {
  expect(isInstalled({ ...zod('4.6.7'), 'node_modules/only-on-mac': { version: '1.0.0', optional: true } }, zod('4.6.7'))).toBe(true)
})
