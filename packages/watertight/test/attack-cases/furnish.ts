import { everybody } from './people.ts'
import type { AttackRun, Person, Stage } from './stage.ts'
import { toolNames } from './tool-names.ts'

/** A stage on which everybody has something to lose, and a run of everybody's goes on. */
export interface FurnishedStage {
  readonly stage: Stage
  readonly runs: ReadonlyMap<Person, AttackRun>
  /** what all that is not the attacker's was like after the last case */
  readonly last: { fingerprint?: string }
}

/** Provisions everybody, and gives each what is theirs. */
export async function furnish(stage: Stage): Promise<FurnishedStage> {
  for (const person of everybody) await provision(stage, person)
  const runs = new Map<Person, AttackRun>()
  for (const person of everybody) runs.set(person, await fill(stage, person))
  return { stage, runs, last: {} }
}

/** What the directory is told of a member. */
function memberOf({ tenantId, workspaceId, userId, role, datasourceId, ownDatasourceId }: Person) {
  const allowedDatasourceIds = [datasourceId, ownDatasourceId]
  return { tenantId, workspaceId, userId, role, allowedToolIds: toolNames.allowed, allowedDatasourceIds }
}

async function provision({ directory }: Stage, person: Person): Promise<void> {
  const { tenantId, workspaceId } = person
  await directory.putTenant({ tenantId, plan: 'pro', region: 'eu' })
  await directory.putWorkspace({ tenantId, workspaceId })
  for (const datasourceId of [person.datasourceId, person.ownDatasourceId])
    await directory.putDatasource({ tenantId, workspaceId, datasourceId })
  await directory.putMember(memberOf(person))
}

async function fill(stage: Stage, person: Person): Promise<AttackRun> {
  const { tenantId, userId, workspaceId, secrets } = person
  const boundary = await stage.openBoundary({ tenantId, userId }, { workspaceId })
  const desk = stage.within(boundary)
  const phrase = `When John Doe calls, ask for the phrase ${secrets.user.memory.value}`
  await desk.memory.set(person.sharedKey, phrase)
  await desk.memory.set(person.memoryKey, phrase)
  const playbook = `The escalation phrase is ${secrets.workspace.memory.value}`
  await desk.memory.set(person.workspaceKey, playbook, { scope: 'workspace' })
  await desk.memory.set(person.tenantKey, `The charter is ${secrets.tenant.memory.value}`, { scope: 'tenant' })
  const documentId = person.documentId
  const contract = (code: string) =>
    `# Master agreement\n\nThe agreement renews in March.\n\n## Fees\n\nThe contract code is ${code}.`
  const shared = contract(secrets.workspace.documents.value)
  await desk.retrieval.add({ datasourceId: person.datasourceId, documentId, title: 'Agreement', text: shared })
  const own = contract(secrets.user.documents.value)
  await desk.retrieval.add({ datasourceId: person.ownDatasourceId, documentId, title: 'Agreement', text: own })
  for (const id of [person.sharedTicketId, person.ticketId])
    await stage.addTicket(boundary, id, `Renewal, reference ${secrets.workspace.tickets.value}`)
  const run = await desk.startRun({ agent: 'desk', promptVersion: '1' })
  await run.state.set(person.stateKey, `Draft: ${secrets.user.state.value}`)
  return run
}
