/**
 * What the guard of tools costs: round trips that ids and the ledger of effects add to a call, the time that ids add, and
 * the time of a decision.
 *
 * `node tools.ts [--json] [--quick] [--only PART]`. A row that misses its goal is printed as missed, and the exit code
 * stays 0, as in scoped.ts.
 */
import { findServer } from './support/find-server.ts'
import { runParts } from './support/run-parts.ts'
import { measureCalls } from './tools/calls.ts'
import { measureCedar } from './tools/cedar.ts'
import { measureFloor } from './tools/floor.ts'

await runParts('tools', [
  { name: 'calls', findMissing: findServer, measure: measureCalls },
  { name: 'floor', measure: measureFloor },
  { name: 'cedar', measure: measureCedar },
])
