import { casesOf, runCase, whatFails } from './cases.ts'
import type { Case, Outcome } from './cases.ts'
import { pairs, plainTenant } from './owners.ts'
import type { OpenStack, Services, Stack, Verb } from './stack.ts'

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
  /** leaks with the remedy, where there is one */
  readonly mended?: number
  /** how often each verb leaked */
  readonly verbs: readonly VerbCount[]
  /** ids of tenants that the stack refuses, or cannot serve: they are in no case */
  readonly refused: readonly string[]
}

interface VerbCount {
  readonly verb: Verb
  readonly cases: number
  readonly leaks: number
}

export interface StackOptions {
  readonly services: Services
  /** what canaries depend on */
  readonly seed: number
  /** that of the stack’s first package, as it is installed */
  readonly version: string
}

interface Ran extends Outcome {
  readonly tried: Case
}

/**
 * Runs every case against one stack, and again with its remedy.
 *
 * @throws {Error} when the stack cannot be set up, or does not serve a tenant with a plain id: nothing would be proved
 */
export async function runStack(stack: Stack, options: StackOptions): Promise<StackRow> {
  const { services, seed, version } = options
  const { ran, refused } = await runCases(stack, () => stack.open(services), seed)
  const { remedy } = stack
  const mended = remedy && (await runCases(stack, () => remedy.open(services), seed))
  const leaks = ran.filter(({ leaked }) => leaked)
  const shortest = leaks.toSorted((left, right) => left.script.steps - right.script.steps)[0]
  return {
    name: stack.name,
    version,
    cases: ran.length,
    leaks: leaks.length,
    repro: shortest === undefined ? '' : String(shortest.script),
    ...(mended && { mended: mended.ran.filter(({ leaked }) => leaked).length }),
    verbs: countVerbs(ran),
    refused,
  }
}

async function runCases(stack: Stack, openStack: () => Promise<OpenStack>, seed: number) {
  await using open = await openStack()
  const failed = await whatFails(plainTenant, open, seed)
  if (failed !== undefined) throw new Error(`It does not serve ${plainTenant} alone: ${failed}.`)
  const tenants = new Set(pairs().flatMap(({ owner, other }) => [owner, other]))
  const refused = new Set<string>()
  for (const tenant of tenants) if ((await whatFails(tenant, open, seed)) !== undefined) refused.add(tenant)

  const ran: Ran[] = []
  for (const pair of pairs()) {
    if (refused.has(pair.owner) || refused.has(pair.other)) continue
    for (const tried of casesOf(pair, open.tenant(pair.other), stack.idsOf))
      ran.push({ tried, ...(await runCase(tried, open, stack.words, seed)) })
  }
  return { ran, refused: [...refused] }
}

function countVerbs(ran: readonly Ran[]): readonly VerbCount[] {
  return [...Map.groupBy(ran, ({ tried }) => tried.verb)].map(([verb, cases]) => ({
    verb,
    cases: cases.length,
    leaks: cases.filter(({ leaked }) => leaked).length,
  }))
}
