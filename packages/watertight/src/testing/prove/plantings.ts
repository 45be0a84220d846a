import type { Canary } from '../canaries/canary.ts'
import type { Twins } from '../twins/create-twins.ts'
import type { TwinUser, TwinWorkspace } from '../twins/twin.ts'
import type { Person, SeedOwner, SeedRecord } from './isolation-target.ts'

/** Whose secret it is, seen from somebody else. */
export type Relation = 'tenant' | 'workspace' | 'user'

/** The stores that are seeded: those of a whole workspace, and those of one person. */
export interface SeedStores {
  readonly workspace: readonly string[]
  readonly user: readonly string[]
}

/** What is planted with one owner, and the record that holds the secret of each store. */
export interface Planting {
  readonly owner: SeedOwner
  readonly secrets: readonly PlantedSecret[]
}

export interface PlantedSecret {
  readonly canary: Canary
  readonly store: string
  /** the position of the record that holds it */
  readonly at: number
}

/** Everything to be planted, a workspace before its people. */
export function plantingsOf(twins: Twins<string>, stores: SeedStores): readonly Planting[] {
  return twins.tenants.flatMap((tenant) =>
    tenant.workspaces.flatMap((workspace) => {
      const place = { tenantId: tenant.id, workspaceId: workspace.id }
      return [
        plant(place, workspace, stores.workspace, textsOfWorkspace(workspace)),
        ...workspace.users.map((user) => plant({ ...place, userId: user.id }, user, stores.user, textsOfUser(user))),
      ]
    }),
  )
}

/** Everybody who can open a session. */
export function peopleOf(twins: Twins<string>): readonly Person[] {
  return twins.tenants.flatMap((tenant) =>
    tenant.workspaces.flatMap((workspace) =>
      workspace.users.map((user) => ({ tenantId: tenant.id, workspaceId: workspace.id, userId: user.id })),
    ),
  )
}

/** How an owner is related to a person; `undefined` where the person may see what is the owner's. */
export function relationOf(person: Person, owner: Omit<SeedOwner, 'records'>): Relation | undefined {
  if (owner.tenantId !== person.tenantId) return 'tenant'
  if (owner.workspaceId !== person.workspaceId) return 'workspace'
  return owner.userId === undefined || owner.userId === person.userId ? undefined : 'user'
}

type Texts = ReadonlyMap<string, readonly Omit<SeedRecord, 'store'>[]>

function plant(
  owner: Omit<SeedOwner, 'records'>,
  { canaries }: TwinWorkspace<string> | TwinUser<string>,
  stores: readonly string[],
  texts: Texts,
): Planting {
  const records = stores.flatMap((store): readonly SeedRecord[] => {
    const value = canaries[store]?.value ?? ''
    const own = texts.get(store)?.filter(({ text }) => text !== '')
    const written = own ?? [{ id: `${store}-1`, title: `Note in ${store}`, text: `The note says ${value}.` }]
    return written.map((record) => ({ store, ...record }))
  })
  const secrets = stores.flatMap((store) => {
    const canary = canaries[store]
    if (canary === undefined) return []
    const at = records.findIndex((record) => record.store === store && record.text.includes(canary.value))
    return [{ canary, store, at }]
  })
  return { owner: { ...owner, records }, secrets }
}

function textsOfWorkspace({ tickets, documents }: TwinWorkspace<string>): Texts {
  return new Map([
    ['tickets', tickets.map(({ id, title, body }) => ({ id, title, text: body }))],
    ['documents', documents],
  ])
}

function textsOfUser({ memories }: TwinUser<string>): Texts {
  return new Map([['memory', memories.map(({ key, value }) => ({ id: key, title: key, text: value }))]])
}
