import { defineConfig } from 'vitest/config'

import { sourceAliases } from './tools/source-aliases.ts'

export default defineConfig({
  resolve: { alias: sourceAliases() },
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'examples/*/{src,test}/**/*.test.ts'],
    typecheck: {
      enabled: true,
      include: ['packages/watertight/test/types/**/*.test-d.ts'],
      tsconfig: './packages/watertight/tsconfig.test.json',
      ignoreSourceErrors: true, // errors in other files are told once, by `npm run check`
    },
    globalSetup: './packages/watertight/test/support/find-services.ts',
    reporters: ['default', './tools/left-out-reporter.ts'],
    pool: 'forks', // a test may kill its process, load a native module or change the environment
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
