import type { PersonFacts, TenantFacts } from './tenant-facts.ts'

export interface MemberSeed {
  readonly workspaceId: string
  readonly userId: string
  readonly name: string
  readonly email: string
  readonly role: PersonFacts['role']
  readonly allowedToolIds: readonly string[]
  readonly allowedDatasourceIds: readonly string[]
}

// Who may ask for a refund is not who may consent to it: the tool names the role of an approver.
const readingTools = ['search_documents', 'list_tickets', 'read_ticket', 'recall']
const writingTools = ['update_ticket', 'update_tickets', 'remember', 'refund_invoice']

export function membersOf(tenant: TenantFacts): MemberSeed[] {
  return tenant.workspaces.flatMap(({ id, people }) => people.map((person) => memberOf(tenant, id, person)))
}

function memberOf(tenant: TenantFacts, workspaceId: string, person: PersonFacts): MemberSeed {
  const email = `${person.name.toLowerCase()}@${tenant.id}.example`
  return { workspaceId, userId: person.id, name: person.name, email, role: person.role, ...rightsOf(person) }
}

function rightsOf(person: PersonFacts): Pick<MemberSeed, 'allowedToolIds' | 'allowedDatasourceIds'> {
  return person.role === 'viewer'
    ? { allowedToolIds: readingTools, allowedDatasourceIds: ['handbook'] }
    : { allowedToolIds: [...readingTools, ...writingTools], allowedDatasourceIds: ['contracts', 'handbook'] }
}
