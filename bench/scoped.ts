/**
 * What the guard costs: a read inside a boundary against the same SQL without one, on the same driver, in turns.
 *
 * `node scoped.ts [--json] [--quick] [--only PART]`. A row that misses its goal is printed as missed, and the exit code
 * stays 0: on a busy machine a ratio can miss that holds on a quiet one, so nothing should hang on a single run.
 */
import { measureEmbedded } from './scoped/embedded.ts'
import { measureServer } from './scoped/server.ts'
import { measureTenants } from './scoped/tenants.ts'
import { findServer } from './support/find-server.ts'
import { runParts } from './support/run-parts.ts'

await runParts('scoped', [
  { name: 'embedded', measure: measureEmbedded },
  { name: 'postgres', findMissing: findServer, measure: measureServer },
  { name: 'tenants', findMissing: findServer, measure: measureTenants },
])
