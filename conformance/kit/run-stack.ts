import { casesOf, runCase, whatFails } from './cases.ts'
import type { Outcome } from './cases.ts'
import { pairs, plainTenant } from './owners.ts'
import type { Services, Stack } from './stack.ts'
import { versionOf } from './versions.ts'

/** What was seen of one stack. */
export interface StackRow {
  readonly name: string
  readonly version: string
  /** how many cases ran */
  readonly cases: number
  /** in how many somebody saw, or changed, what is somebody else’s */
  readonly leaks: number
  /** the shortest script that leaked, or nothing */
  readonly repro: string
  /** ids of tenants that the stack refuses, or cannot serve: they are in no case */
  readonly refused: readonly string[]
}

/**
 * Runs every case against one stack.
 *
 * @throws {Error} when the stack cannot be set up, or does not serve a tenant with a plain id: nothing would be proved
 */
export async function runStack(stack: Stack, services: Services, seed: number): Promise<StackRow> {
  await using open = await stack.open(services)
  const failed = await whatFails(plainTenant, open, seed)
  if (failed !== undefined) throw new Error(`It does not serve ${plainTenant} alone: ${failed} fails.`)
  const tenants = [...new Set(pairs().flatMap(({ owner, other }) => [owner, other]))]
  const refused = new Set<string>()
  for (const tenant of tenants) if ((await whatFails(tenant, open, seed)) !== undefined) refused.add(tenant)

  const outcomes: Outcome[] = []
  for (const pair of pairs()) {
    if (refused.has(pair.owner) || refused.has(pair.other)) continue
    for (const tried of casesOf(pair, open.tenant(pair.other), stack.idsOf))
      outcomes.push(await runCase(tried, open, stack.words, seed))
  }
  const leaks = outcomes.filter(({ leaked }) => leaked)
  const shortest = leaks.toSorted((left, right) => left.script.steps - right.script.steps)[0]
  return {
    name: stack.name,
    version: versionOf(stack.packages[0]),
    cases: outcomes.length,
    leaks: leaks.length,
    repro: shortest === undefined ? '' : String(shortest.script),
    refused: [...refused],
  }
}
