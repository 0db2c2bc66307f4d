import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.mjs'],
    globalSetup: ['scripts/temporary-folder.mjs'],
    setupFiles: ['scripts/fixed-seed.mjs'],
    testTimeout: 60_000,
    pool: 'forks',
  },
})
