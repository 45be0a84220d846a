import { createCanaryDetector } from '../../src/testing/index.ts'
import type { FurnishedStage } from './furnish.ts'
import { me } from './people.ts'

/** How many of the attacker's own questions were answered with what is theirs. */
export interface OwnAnswers {
  readonly asked: number
  readonly right: number
}

/** Asks for one's own, on each surface: who answers nothing keeps everything apart, and is of no use. */
export async function askOwn({ stage, runs }: FurnishedStage): Promise<OwnAnswers> {
  const { tenantId, userId, workspaceId, secrets } = me
  const desk = stage.within(await stage.openBoundary({ tenantId, userId }, { workspaceId }))
  const run = runs.get(me)
  const answers = [
    [secrets.user.memory, await desk.memory.get(me.memoryKey)],
    [secrets.user.memory, await run?.memory.list()],
    [secrets.workspace.memory, await desk.memory.get(me.workspaceKey, { scope: 'workspace' })],
    [secrets.tenant.memory, await desk.memory.list({ scope: 'tenant' })],
    [secrets.user.documents, await desk.retrieval.search('contract code')],
    [secrets.workspace.documents, await run?.retrieval.search('contract code', { datasources: [me.datasourceId] })],
    [secrets.workspace.tickets, await run?.tools.call('read_ticket', { ticketId: me.ticketId })],
    [secrets.workspace.tickets, await run?.tools.call('list_tickets', {})],
    [secrets.user.state, await run?.state.get(me.stateKey)],
  ] as const
  const right = answers.filter(([canary, answer]) => createCanaryDetector([canary]).scan(answer).findings.length > 0)
  return { asked: answers.length, right: right.length }
}
