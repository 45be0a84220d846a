import { incidents } from './incidents.ts'
import type { Incident } from './incident.ts'
import { createCast } from './owners.ts'
import type { Cast } from './owners.ts'
import type { Catch } from './try-version.ts'

/** What became of one incident. Nothing of it holds a secret. */
export interface IncidentResult {
  readonly number: number
  readonly title: string
  /** the first attempt that shows the leak: the smallest script is both owners seeded, and it alone */
  readonly caught: Catch | undefined
  /** every attempt that shows it */
  readonly attempts: readonly string[]
  /** what the mended version still lets through */
  readonly afterFix: readonly Catch[]
}

export interface LeakyOptions {
  /** what the twins depend on; 1 by default */
  readonly seed?: string | number
  /** `short` by default; `full` takes every kind of look-alike */
  readonly profile?: 'short' | 'full'
}

/**
 * Tries every leaky version and its fix: each keeps the single-tenant contract, the leaky one must be caught, the fixed
 * one must let nothing through.
 *
 * @throws {AssertionError} where a version does not keep the single-tenant contract
 */
export async function tryIncidents({ seed = 1, profile = 'short' }: LeakyOptions = {}): Promise<
  readonly IncidentResult[]
> {
  const cast = createCast(seed, profile)
  const results: IncidentResult[] = []
  for (const incident of incidents) results.push(await tryIncident(incident, cast))
  return results
}

async function tryIncident({ number, title, leaky, fixed }: Incident, cast: Cast): Promise<IncidentResult> {
  await leaky.meetContract(cast.caller)
  await fixed.meetContract(cast.caller)
  const { catches } = await leaky.tryAll(cast)
  const attempts = [...new Set(catches.map(({ attempt }) => attempt))]
  return { number, title, caught: catches[0], attempts, afterFix: (await fixed.tryAll(cast)).catches }
}
