import type { Canary } from '../canaries/canary.ts'
import { createCanary } from '../canaries/create-canary.ts'
import { createRandom } from '../random.ts'
import { compareCarelessly } from './careless.ts'
import { lookAlikeKinds, makeLookAlike } from './look-alike.ts'
import type { LookAlikeKind } from './look-alike.ts'
import { writeDocuments, writeMemories, writeTickets } from './texts.ts'
import { twinStores } from './twin.ts'
import type { Resemblance, TwinOwner, TwinStore, TwinTenant, TwinUser, TwinWorkspace } from './twin.ts'

export interface TwinOptions<Store extends string = TwinStore> {
  /** what everything depends on; 1 by default */
  readonly seed?: string | number
  /** how many tenants; 2 by default: northstar-dental and northstar-design */
  readonly tenants?: number
  /** how many workspaces each tenant has; 2 by default */
  readonly workspaces?: number
  /** how many people each workspace has; 2 by default */
  readonly users?: number
  /** in which ways ids look alike, in this order; where absent all of them, in an order that depends on the seed */
  readonly kinds?: readonly LookAlikeKind[]
  /** where every owner has a secret; `twinStores` by default */
  readonly stores?: readonly Store[]
}

/** Look-alike tenants, and what each of them must never see. */
export interface Twins<Store extends string = TwinStore> {
  readonly tenants: readonly TwinTenant<Store>[]
  /** every secret that there is */
  readonly canaries: readonly Canary[]
  /**
   * The secrets that an owner must never see: those of other tenants, of the tenant's other workspaces, and of other people.
   *
   * @throws {TypeError} when there is no such owner: nothing would be foreign to a name that was misspelled
   */
  foreignTo(owner: TwinOwner): readonly Canary[]
}

/**
 * Makes tenants that are easily taken for one another: near-equal ids, the same people, titles and tickets, and secrets
 * that are each one's own. Inside each tenant, workspaces are such twins, and so are the people of a workspace.
 * The same options give the same twins, byte for byte.
 *
 * @throws {TypeError} when a number is not a whole one from 1 up, or no id can be made of the kinds
 */
export function createTwins<const Store extends string = TwinStore>(options: TwinOptions<Store> = {}): Twins<Store> {
  const { seed = 1, tenants = 2, workspaces = 2, users = 2 } = options
  for (const [name, count] of Object.entries({ tenants, workspaces, users }))
    if (!Number.isSafeInteger(count) || count < 1) throw new TypeError(`${name} must be a whole number from 1 up.`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Store is TwinStore where no stores are given
  const stores = options.stores ?? (twinStores as readonly string[] as readonly Store[])
  const secrets: Secret[] = []
  const keep = (...path: readonly string[]) => canariesOf(seed, path, stores, secrets)

  // Ids inside a tenant are the same in all tenants: nothing looks more like an id than the id itself.
  const workspaceNames = nameAll('ws_1', workspaces, seed, options.kinds, 'number')
  const userNames = nameAll('john_doe', users, seed, options.kinds, 'separator')

  const makeUser = (tenantId: string, workspaceId: string, { id, resembles }: Named, at: number): TwinUser<Store> => {
    const canaries = keep(tenantId, workspaceId, id)
    const name = 'John Doe'
    const role = roles[at % roles.length] ?? 'member'
    const secret = secretIn(canaries, 'memory')
    return {
      id,
      name,
      role,
      resembles,
      canaries,
      memories: writeMemories(createRandom('memories', seed), name, secret),
    }
  }
  const makeWorkspace = (tenantId: string, { id, resembles }: Named): TwinWorkspace<Store> => {
    const canaries = keep(tenantId, id)
    return {
      id,
      name: 'Support',
      resembles,
      canaries,
      users: userNames.map((user, at) => makeUser(tenantId, id, user, at)),
      tickets: writeTickets(createRandom('tickets', seed), people, secretIn(canaries, 'tickets')),
      documents: writeDocuments(createRandom('documents', seed), secretIn(canaries, 'documents')),
    }
  }
  const made = nameAll('northstar-dental', tenants, seed, options.kinds, 'sibling').map(
    ({ id, resembles }): TwinTenant<Store> => ({
      id,
      name: id === 'northstar-design' ? 'Northstar Design' : 'Northstar Dental',
      resembles,
      canaries: keep(id),
      workspaces: workspaceNames.map((workspace) => makeWorkspace(id, workspace)),
    }),
  )
  return {
    tenants: made,
    canaries: secrets.map(({ canary }) => canary),
    foreignTo({ tenantId, workspaceId, userId }) {
      const owner = [tenantId, workspaceId, userId].filter((id) => id !== undefined)
      if ((workspaceId === undefined && userId !== undefined) || !secrets.some(({ path }) => isSame(path, owner)))
        throw new TypeError('There is no such owner among these twins: name the tenant, then a workspace, then a user.')
      return secrets.filter(({ path }) => !isSame(path, owner.slice(0, path.length))).map(({ canary }) => canary)
    },
  }
}

interface Secret {
  readonly path: readonly string[]
  readonly canary: Canary
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((id, at) => id === right[at])
}

function canariesOf<Store extends string>(
  seed: string | number,
  path: readonly string[],
  stores: readonly Store[],
  secrets: Secret[],
): Readonly<Record<Store, Canary>> {
  const canaries = stores.map((store) => [store, createCanary({ seed, owner: path, store })] as const)
  secrets.push(...canaries.map(([, canary]) => ({ path, canary })))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an entry was made for every store
  return Object.fromEntries(canaries) as Record<Store, Canary>
}

// A text whose store was left out tells the secret of the first one.
function secretIn(canaries: Readonly<Record<string, Canary>>, store: TwinStore): string {
  return (canaries[store] ?? Object.values(canaries)[0])?.value ?? ''
}

interface Named {
  readonly id: string
  readonly resembles: readonly Resemblance[]
}

function nameAll(
  base: string,
  count: number,
  seed: string | number,
  kinds: readonly LookAlikeKind[] | undefined,
  first: LookAlikeKind,
): readonly Named[] {
  const shuffled = createRandom('kinds', seed, base).shuffle(lookAlikeKinds)
  const families = makeIds(base, count, kinds ?? [first, ...shuffled.filter((kind) => kind !== first)])
  return families.flatMap(({ stem, family }) =>
    family.map((id) => ({ id, resembles: resemblancesOf(id, new Set([base, stem, ...family])) })),
  )
}

interface Family {
  readonly stem: string
  readonly family: readonly string[]
}

// When every kind was used, the next stem is the base with a number: it begins with the base, and so looks like it too.
function makeIds(base: string, count: number, kinds: readonly LookAlikeKind[]): readonly Family[] {
  const families: Family[] = []
  const ids = new Set<string>()
  for (let round = 1; ids.size < count; round++) {
    const stem = round === 1 ? base : `${base}${round}`
    const made = [stem, ...kinds.map((kind) => makeLookAlike(stem, kind))].filter((id) => id !== undefined)
    if (new Set(made).size === 1 && count > 1) throw new TypeError(`kinds makes no id that looks like ${stem}.`)
    const family = [...new Set(made)].filter((id) => !ids.has(id)).slice(0, count - ids.size)
    for (const id of family) ids.add(id)
    families.push({ stem, family })
  }
  return families
}

// Compared inside one family and with the base alone: a thousand tenants must not cost a million comparisons.
function resemblancesOf(id: string, others: ReadonlySet<string>): readonly Resemblance[] {
  return [...others]
    .map((other) => ({ id: other, by: compareCarelessly(id, other) }))
    .filter((resemblance) => resemblance.by.length > 0)
}

const roles = ['owner', 'member', 'viewer', 'admin'] as const

const people = ['Marta Ruiz', 'Owen Blake', 'Dana Cole'] as const
