/** What is mutated, and how. A configuration of Stryker; its paths are seen from the root of the repository. */
export default {
  mutate: [
    // who: everything that makes, reads, narrows and refuses a boundary
    'packages/watertight/src/boundary/!(index|*.test).ts',
    // whether it still stands
    'packages/watertight/src/liveness.ts',
    // by what ids are compared, and from where members are read
    'packages/watertight/src/encoding/{exact-key,id,own-members}.ts',
    // the guards of tools: whose data arguments and results name, and which ids of an input are resolved
    'packages/watertight/src/surfaces/tools/{foreign-owners,marked-places,objects-in,owner-names,reserved-arguments,resolver,resource-hits,schema-marks,unmarked-ids}.ts',
  ],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner', './mutation/ignore-messages.ts'],
  ignorers: ['messages'],
  vitest: { configFile: 'mutation/vitest.config.ts' },
  // Each mutant is judged by the tests that reach it; one that takes effect while a module loads, by all that import it.
  coverageAnalysis: 'perTest',
  concurrency: 1,
  // What the aliases of the tests lead to is the source; a build would be copied for nothing.
  ignorePatterns: ['dist', '*.tsbuildinfo'],
  // Stryker rewrites the configuration that this names, with a compiler older than ours. Nothing here needs it rewritten.
  tsconfigFile: 'mutation/none.json',
  disableTypeChecks: false, // vitest strips types, and checks none
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: 'reports/mutation.json' },
  allowEmpty: true,
}
