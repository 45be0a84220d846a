import type { Canary } from '../../src/testing/index.ts'
import { findCanaries } from './find-canaries.ts'
import { settle } from './kind.ts'
import type { Kind } from './kind.ts'
import type { Apart, Cast, Owner, Twin } from './owners.ts'

/** One version of a component: leaky, fixed, or ours. */
export interface Version<Component> {
  readonly kind: Kind<Component>
  /** Opens a component for one attempt. It holds nothing that another owner put there. */
  open(): Component | Promise<Component>
  /** Ends it, or empties one that serves all attempts. */
  close?(component: Component): Promise<void>
}

/** What was seen where it must not be, or is gone. */
export interface Catch {
  /** the smallest script: both owners seeded, and this attempt alone */
  readonly attempt: string
  readonly apart: Apart
  /** `arrived`: a canary came to somebody else; `lost`: an owner no longer has its own */
  readonly how: 'arrived' | 'lost'
  /** the label of the canary, never the secret */
  readonly canary: string
  /** where in what was observed; empty where it was lost */
  readonly at: string
}

export interface Tried {
  readonly attempts: number
  readonly catches: readonly Catch[]
}

/** Tries every attempt of the kind against every twin, each on a component of its own. */
export async function tryVersion<Component>(version: Version<Component>, cast: Cast): Promise<Tried> {
  const { kind } = version
  const foreigners = cast.others.map(({ twin }) => twin.canaries[kind.store])
  const catches: Catch[] = []
  let attempts = 0
  for (const name of Object.keys(kind.attempts))
    for (const { apart, twin } of cast.others) {
      const seen = await tryOnce(version, name, cast.caller, twin, foreigners)
      catches.push(...seen.map((each) => ({ attempt: name, apart, ...each })))
      attempts++
    }
  return { attempts, catches }
}

/** The single-tenant contract, on a component that nobody else uses. */
export async function meetContract<Component>(version: Version<Component>, owner: Owner): Promise<void> {
  await using(version, (component) => version.kind.contract(component, owner))
}

type Sighting = Pick<Catch, 'how' | 'canary' | 'at'>

async function tryOnce<Component>(
  version: Version<Component>,
  name: string,
  caller: Twin,
  other: Twin,
  foreigners: readonly Canary[],
): Promise<readonly Sighting[]> {
  const { kind } = version
  const [own, foreign] = [caller.canaries[kind.store], other.canaries[kind.store]]
  const attempt = kind.attempts[name]
  if (attempt === undefined) throw new TypeError(`The kind ${kind.name} has no attempt ${name}.`)
  const [me, them] = [idsOf(caller), idsOf(other)]
  return await using(version, async (component) => {
    const says = { caller: own.value, other: foreign.value }
    const mine = await kind.seed(component, me, own.value)
    const theirs = await kind.seed(component, them, foreign.value)
    const observed = await settle(() => attempt({ component, caller: me, other: them, mine, theirs, says }))
    const ofCaller = await settle(() => kind.own(component, me, mine, own.value))
    const ofOther = await settle(() => kind.own(component, them, theirs, foreign.value))
    return [
      ...arrived(foreigners, [observed, ofCaller]),
      ...arrived([own], ofOther),
      ...lost(own, ofCaller),
      ...lost(foreign, ofOther),
    ]
  })
}

// A component is given the names of an owner, never its secrets.
function idsOf({ tenantId, workspaceId, userId }: Twin): Owner {
  return { tenantId, workspaceId, userId }
}

function arrived(canaries: readonly Canary[], observed: unknown): readonly Sighting[] {
  return findCanaries(canaries, observed).map(({ canary, at }) => ({ how: 'arrived', canary, at }))
}

// What an owner reads of its own comes back as it was written.
function lost({ label, value }: Canary, observed: unknown): readonly Sighting[] {
  return JSON.stringify(observed ?? '').includes(value) ? [] : [{ how: 'lost', canary: label, at: '' }]
}

async function using<Component, Result>(
  version: Version<Component>,
  work: (component: Component) => Promise<Result>,
): Promise<Result> {
  const component = await version.open()
  try {
    return await work(component)
  } finally {
    await version.close?.(component)
  }
}
