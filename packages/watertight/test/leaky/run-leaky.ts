import { answers } from './answers.ts'
import { incidents } from './incidents.ts'
import type { Incident } from './incident.ts'
import { tryOurs } from './ours/scenarios.ts'
import type { ScenarioName } from './ours/scenarios.ts'
import { createCast, fewest } from './owners.ts'
import type { Cast } from './owners.ts'
import type { Catch, Tried } from './try-version.ts'

/** What became of the leaky version of one incident. Nothing of it holds a secret. */
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

/** What became of an incident on Watertight itself. */
interface OursResult extends Tried {
  readonly number: number
  readonly scenario: ScenarioName
}

interface LeakyReport {
  /** how many leaky versions were caught, whose fix lets nothing through */
  readonly caught: number
  readonly total: number
  /** how many incidents have a surface of Watertight that was tried, and shows nothing */
  readonly ours: number
  /** how many wait for a surface that does not exist yet */
  readonly pending: number
  readonly incidents: readonly IncidentResult[]
  readonly watertight: readonly OursResult[]
}

interface LeakyOptions {
  /** what the twins depend on; 1 by default */
  readonly seed?: string | number
  /** `short` by default; `full` takes every kind of look-alike */
  readonly profile?: 'short' | 'full'
}

/**
 * Runs everything: each incident's leaky version and its fix, and the same scenarios on Watertight itself.
 *
 * @public for `npm run prove`, where Watertight meets every twin of the cast
 * @throws {AssertionError} where a version, or Watertight, does not keep the single-tenant contract
 */
export async function runLeaky(options: LeakyOptions = {}): Promise<LeakyReport> {
  const [tried, watertight] = [await tryIncidents(options), await tryWatertight(options)]
  return {
    caught: tried.filter(({ caught, afterFix }) => caught !== undefined && afterFix.length === 0).length,
    total: incidents.length,
    ...countAnswers(watertight),
    incidents: tried,
    watertight,
  }
}

/** Counts the incidents that a surface answers, and those that wait for one. */
function countAnswers(watertight: readonly OursResult[]): Pick<LeakyReport, 'ours' | 'pending'> {
  return {
    ours: watertight.filter(({ catches, attempts }) => attempts > 0 && catches.length === 0).length,
    pending: [...answers.values()].filter((answer) => 'pending' in answer).length,
  }
}

/**
 * Tries every leaky version and its fix: each keeps the single-tenant contract, the leaky one must be caught, the fixed
 * one must let nothing through.
 */
export async function tryIncidents({ seed = 1, profile = 'short' }: LeakyOptions = {}): Promise<
  readonly IncidentResult[]
> {
  const cast = createCast(seed, profile)
  const results: IncidentResult[] = []
  for (const incident of incidents) results.push(await tryIncident(incident, cast))
  return results
}

/** Runs the scenario of every incident that has a surface. The short profile takes one twin of each sort. */
async function tryWatertight({ seed = 1, profile = 'short' }: LeakyOptions = {}): Promise<readonly OursResult[]> {
  const cast = createCast(seed, 'short')
  const tried = await tryOurs(profile === 'short' ? fewest(cast) : cast)
  return [...answers].flatMap(([number, answer]) => {
    if ('pending' in answer) return []
    const result = tried.get(answer.scenario) ?? { attempts: 0, catches: [] }
    return [{ number, scenario: answer.scenario, ...result }]
  })
}

async function tryIncident({ number, title, leaky, fixed }: Incident, cast: Cast): Promise<IncidentResult> {
  await leaky.meetContract(cast.caller)
  await fixed.meetContract(cast.caller)
  const { catches } = await leaky.tryAll(cast)
  const attempts = [...new Set(catches.map(({ attempt }) => attempt))]
  return { number, title, caught: catches[0], attempts, afterFix: (await fixed.tryAll(cast)).catches }
}
