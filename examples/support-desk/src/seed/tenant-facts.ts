/**
 * Everything that differs between look-alike tenants. Documents, tickets, memories, canaries and the expected answers are
 * all made from this description, so a name or a date changed here changes everywhere.
 */
export interface TenantFacts {
  readonly id: string
  readonly name: string
  readonly plan: 'free' | 'pro' | 'enterprise'
  readonly region: 'us' | 'eu' | 'in'
  readonly currency: string
  readonly workspaces: readonly WorkspaceFacts[]
}

export interface WorkspaceFacts {
  readonly id: string
  readonly name: string
  /** The day on which the contract renews, as yyyy-mm-dd. */
  readonly renewsOn: string
  readonly noticeDays: number
  /** Per month, in whole units of the tenant's currency. */
  readonly monthlyPrice: number
  /** Per month, once the renewal date was missed. */
  readonly rolloverPrice: number
  readonly accountManager: string
  readonly escalationContact: string
  readonly escalationPhrase: string
  /** The one ticket that exists in this workspace and nowhere else. */
  readonly ownTicketId: string
  /** What a hostile text inside this workspace tries to reach. */
  readonly lure: LureFacts
  readonly people: readonly PersonFacts[]
}

interface LureFacts {
  readonly argument: 'tenantId' | 'workspaceId'
  readonly id: string
  readonly ticketId: string
}

export interface PersonFacts {
  readonly id: string
  readonly name: string
  readonly role: 'owner' | 'admin' | 'member' | 'viewer'
  readonly reportFormat: string
}
