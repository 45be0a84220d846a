import type { Canary } from '../../src/testing/index.ts'
import type { Pair } from './attack-case.ts'

/**
 * What an attack is played on. Arguments are unknown, as they are to whoever receives them from a model: what is wrong
 * with them is the subject's to find.
 */
export interface Stage extends AsyncDisposable {
  /** proves the session, and opens a boundary in the place */
  openBoundary(session: unknown, place: unknown): Promise<object>
  narrow(boundary: unknown, to: unknown): object
  within(boundary: unknown): AttackDesk
  readonly directory: AttackDirectory
  /** plants a ticket in the place of a boundary */
  addTicket(boundary: object, id: string, title: string): Promise<void>
  /** the time that a request for consent stands goes by, for all that there are */
  letApprovalsExpire(): Promise<void>
  /** all that is not the person's, as one text that changes with any of it; what a log keeps of others apart */
  fingerprint(person: Person): Promise<string>
  /** what the app's own logger heard since the last time */
  heard(): readonly unknown[]
}

/** Provisioning: nothing that an attacker reaches, but what happens around an attack. */
interface AttackDirectory {
  putTenant(tenant: unknown): Promise<void>
  putWorkspace(workspace: unknown): Promise<void>
  putDatasource(datasource: unknown): Promise<void>
  putMember(member: unknown): Promise<void>
  removeMember(member: unknown): Promise<boolean>
  suspendTenant(tenantId: unknown): Promise<void>
  resumeTenant(tenantId: unknown): Promise<void>
  raiseEpoch(tenantId: unknown): Promise<void>
  raiseVersion(member: unknown): Promise<void>
}

export interface AttackDesk {
  readonly memory: ReadingMemory & {
    set(key: unknown, value: unknown, options?: unknown): Promise<void>
    delete(key: unknown, options?: unknown): Promise<boolean>
  }
  readonly retrieval: Searching & {
    add(document: unknown): Promise<void>
    delete(document: unknown): Promise<boolean>
  }
  readonly approvals: {
    list(): Promise<readonly unknown[]>
    approve(id: unknown): Promise<unknown>
    deny(id: unknown): Promise<unknown>
  }
  readonly effects: {
    list(): Promise<readonly unknown[]>
    settle(effect: unknown, verdict: unknown): Promise<unknown>
  }
  startRun(options: unknown): Promise<AttackRun>
  explain(runId: unknown): Promise<unknown>
  export(): AsyncIterable<unknown>
  erase(): Promise<number>
}

export interface AttackRun {
  readonly id: string
  readonly state: {
    get(key: unknown): Promise<unknown>
    set(key: unknown, value: unknown): Promise<void>
    delete(key: unknown): Promise<boolean>
  }
  readonly memory: ReadingMemory & { promote(item: unknown, as: unknown): Promise<void> }
  readonly retrieval: Searching
  readonly tools: {
    list(): Promise<unknown>
    call(name: unknown, input: unknown, options?: unknown): Promise<unknown>
    requestApproval(name: unknown, input: unknown): Promise<unknown>
  }
  readonly context: { add(...items: readonly unknown[]): Promise<void>; text(): string }
  end(): Promise<void>
}

interface ReadingMemory {
  get(key: unknown, options?: unknown): Promise<unknown>
  list(options?: unknown): Promise<readonly unknown[]>
}

interface Searching {
  search(question: unknown, options?: unknown): Promise<readonly unknown[]>
}

/** A person at their desk, and what is theirs. */
export interface Person {
  readonly tenantId: string
  readonly workspaceId: string
  readonly userId: string
  readonly role: string
  /** the datasource of the whole workspace, and the one that this person alone may read */
  readonly datasourceId: string
  readonly ownDatasourceId: string
  readonly documentId: string
  /** a ticket that every workspace has, and the one that this workspace alone has */
  readonly sharedTicketId: string
  readonly ticketId: string
  /** keys of memory: one that everybody has, and one for each scope that nobody else has */
  readonly sharedKey: string
  readonly memoryKey: string
  readonly workspaceKey: string
  readonly tenantKey: string
  readonly stateKey: string
  readonly secrets: Readonly<Record<Pair, Readonly<Record<Kept, Canary>>>>
}

/** Where each owner has a secret. */
export const kept = ['memory', 'documents', 'tickets', 'state'] as const
export type Kept = (typeof kept)[number]
