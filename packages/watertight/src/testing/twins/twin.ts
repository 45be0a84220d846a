import type { Canary } from '../canaries/canary.ts'
import type { CarelessComparison } from './careless.ts'

/** The places in which every owner has a secret of its own. */
export const twinStores = ['memory', 'documents', 'tickets', 'files', 'cache', 'jobs', 'credentials', 'logs'] as const

export type TwinStore = (typeof twinStores)[number]

/** An id that a careless comparison takes for this one. */
export interface Resemblance {
  readonly id: string
  readonly by: readonly CarelessComparison[]
}

interface Twin<Store extends string> {
  readonly id: string
  /** what people call it: the same for all who look alike, but for the tenants' second word */
  readonly name: string
  /** the others beside it that are easily taken for it; never none where there are others */
  readonly resembles: readonly Resemblance[]
  /** its secret in each store */
  readonly canaries: Readonly<Record<Store, Canary>>
}

/** A customer. All tenants have workspaces, people and tickets of the same ids and names. */
export interface TwinTenant<Store extends string = TwinStore> extends Twin<Store> {
  readonly workspaces: readonly TwinWorkspace<Store>[]
}

/** A part of a customer. */
export interface TwinWorkspace<Store extends string = TwinStore> extends Twin<Store> {
  readonly users: readonly TwinUser<Store>[]
  readonly tickets: readonly TwinTicket[]
  readonly documents: readonly TwinDocument[]
}

/** A person in a workspace: what is kept about the same person in another workspace is another secret. */
export interface TwinUser<Store extends string = TwinStore> extends Twin<Store> {
  readonly role: 'owner' | 'admin' | 'member' | 'viewer'
  readonly memories: readonly TwinMemory[]
}

export interface TwinTicket {
  readonly id: string
  readonly title: string
  readonly requester: string
  readonly status: 'open' | 'waiting' | 'closed'
  readonly body: string
}

export interface TwinDocument {
  readonly id: string
  readonly title: string
  readonly text: string
}

export interface TwinMemory {
  readonly key: string
  readonly value: string
}

/** Whose view it is: a tenant's, a workspace's or a person's. */
export interface TwinOwner {
  readonly tenantId: string
  readonly workspaceId?: string
  readonly userId?: string
}
