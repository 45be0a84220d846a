import { canariesOf } from './canaries.ts'
import type { Canary } from './canary.ts'
import { documentsOf, type DocumentSeed } from './documents.ts'
import { membersOf, type MemberSeed } from './members.ts'
import { memoriesOf, type MemorySeed } from './memories.ts'
import type { TenantFacts } from './tenant-facts.ts'
import { ticketsOf, type TicketSeed } from './tickets.ts'

/** Rows to put into the stores, and the canaries that are hidden in them. */
export interface TenantSeed {
  readonly tenant: Pick<TenantFacts, 'id' | 'name' | 'plan' | 'region'>
  readonly workspaces: readonly { readonly id: string; readonly name: string }[]
  readonly members: readonly MemberSeed[]
  readonly memories: readonly MemorySeed[]
  readonly documents: readonly DocumentSeed[]
  readonly tickets: readonly TicketSeed[]
  readonly canaries: readonly Canary[]
}

export function seedTenant(facts: TenantFacts): TenantSeed {
  const { id, name, plan, region } = facts
  return {
    tenant: { id, name, plan, region },
    workspaces: facts.workspaces.map((workspace) => ({ id: workspace.id, name: workspace.name })),
    members: membersOf(facts),
    memories: memoriesOf(facts),
    documents: documentsOf(facts),
    tickets: ticketsOf(facts),
    canaries: canariesOf(facts),
  }
}
