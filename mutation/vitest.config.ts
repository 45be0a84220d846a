import { fileURLToPath } from 'node:url'

import { defineConfig } from 'vitest/config'

import { sourceAliases } from '../tools/source-aliases.ts'

/** The tests that judge mutants: those beside the source, in one process each, without a database. */
export default defineConfig({
  root: fileURLToPath(new URL('../', import.meta.url)),
  resolve: { alias: sourceAliases() },
  test: {
    include: [
      'packages/watertight/src/{boundary,encoding,surfaces/tools}/*.test.ts',
      'packages/watertight/test/liveness.test.ts',
    ],
    testTimeout: 30_000,
  },
})
