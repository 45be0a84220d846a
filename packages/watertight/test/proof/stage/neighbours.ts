import type { NeighbourActivity, NeighbourHistory } from '../../../src/testing/index.ts'
import { datasourceId } from './stage.ts'
import type { Seated, Stage } from './stage.ts'
import { neighboursTwin } from './twins.ts'

/** From what the actor is kept apart. */
export type NeighbourKind = keyof NeighbourHistory

/** A neighbour at work. */
export interface Neighbour {
  readonly kind: NeighbourKind
  readonly seated: Seated
}

// What a neighbour shares with the actor by right is no interference: a person's is their own memory and their runs, a
// workspace's all but what is kept for the tenant.
const scopes = {
  tenants: ['user', 'workspace', 'tenant'],
  workspaces: ['user', 'workspace'],
  users: ['user'],
} as const

/** Keys that the actor uses too, or that a careless comparison takes for them. */
export const memoryKeys = ['language', 'Language', 'language ', 'callback_phrase', 'plan', 'a', 'zz'] as const

/** What the actor asks. */
export const questions = [
  'When does the agreement renew?',
  'monthly fee in dollars',
  'escalation phrase',
  'office closed',
  'zebra',
] as const

/** Leaves in a seat what a neighbour of that history has, a run among it. */
export async function leave(stage: Stage, neighbour: Neighbour, activity: NeighbourActivity): Promise<void> {
  if (activity === 'tiny') await leaveOne(neighbour)
  if (activity === 'huge') await leaveMany(stage, neighbour)
  if (activity === 'hostile') await leaveTraps(neighbour)
  const run = await neighbour.seated.desk.startRun({ agent: 'neighbour', promptVersion: '1' })
  if (activity === 'hostile') for (const key of ['draft', 'Draft']) await run.state.set(key, 'not yours')
}

async function leaveOne(neighbour: Neighbour): Promise<void> {
  const { seated, kind } = neighbour
  const { user, workspace } = neighboursTwin
  const [memory] = user.memories
  for (const scope of scopes[kind].slice(-1))
    if (memory !== undefined) await seated.desk.memory.set(memory.key, memory.value, { scope })
  if (kind === 'users') return
  const [document] = workspace.documents
  if (document !== undefined) await addDocument(seated, document)
  await addTickets(seated, workspace.tickets.slice(0, 1))
}

// Rows as the superuser, whom no policy slows down: how they came there is no part of what is compared.
async function leaveMany(stage: Stage, { seated, kind }: Neighbour): Promise<void> {
  await seated.desk.memory.set('a', 'the first of many')
  await stage.admin(
    seated,
    `insert into wt.user_memory (tenant_id, workspace_id, member_id, key, value, source)
     select m.tenant_id, m.workspace_id, m.member_id, 'a-' || n, m.value, m.source from generate_series(1, 60) n,
       (select m.* from wt.user_memory m join wt.tenant t on t.id = m.tenant_id
         where m.key = 'a' and t.external_id = $1 order by m.updated_at desc limit 1) m`,
    [seated.seat.tenantId],
  )
  if (kind === 'users') return
  await stage.admin(
    seated,
    `insert into desk.ticket (tenant_id, workspace_id, id, title) select $1, $2, 'H-' || n, 'Invoice ' || n from generate_series(1, 60) n`,
    [seated.seat.tenantId, seated.seat.workspaceId],
  )
  await addDocument(seated, { id: 'archive', title: 'Archive', text: manyWords })
  await addTickets(seated, neighboursTwin.workspace.tickets)
}

const manyWords = Array.from(
  { length: 24 },
  (_none, at) =>
    `## Part ${at}\n\nThe agreement renews, the fee is ${at} dollars, the office is closed. ${'Zebra. '.repeat(at)}`,
).join('\n\n')

// The actor's own names, and texts that say nothing but what will be asked.
async function leaveTraps({ seated, kind }: Neighbour): Promise<void> {
  for (const scope of scopes[kind])
    for (const key of memoryKeys.slice(0, 2)) await seated.desk.memory.set(key, 'not yours', { scope })
  if (kind === 'users') return
  await addDocument(seated, {
    id: neighboursTwin.workspace.documents[0]?.id ?? 'contract',
    title: 'Master agreement',
    text: questions.map((question) => `# ${question}\n\n${question}`).join('\n\n'),
  })
  await addTickets(seated, [...neighboursTwin.workspace.tickets, { id: 'X-1', title: 'Invoice of somebody else' }])
}

/** One deed of a busy neighbour, while the actor does something. */
export async function workBeside({ seated, kind }: Neighbour, step: number): Promise<void> {
  const { desk } = seated
  const key = memoryKeys[step % memoryKeys.length] ?? 'a'
  const scope = scopes[kind][step % scopes[kind].length] ?? 'user'
  const deeds = [
    () => desk.memory.set(key, step, { scope }),
    () => desk.memory.list({ scope }),
    ...(kind === 'users'
      ? [() => desk.memory.delete(key, { scope })]
      : [
          () => desk.retrieval.search(questions[step % questions.length] ?? ''),
          () => addTickets(seated, [{ id: `B-${step}`, title: 'Invoice' }]),
          () =>
            addDocument(
              seated,
              neighboursTwin.workspace.documents[step % 3] ?? { id: 'busy', title: 'Busy', text: 'Busy.' },
            ),
        ]),
  ]
  await deeds[step % deeds.length]?.()
}

export async function addDocument(
  { desk }: Seated,
  { id, title, text }: { readonly id: string; readonly title: string; readonly text: string },
): Promise<void> {
  await desk.retrieval.add({ datasourceId, documentId: id, title, text })
}

export async function addTickets(
  { desk }: Seated,
  tickets: readonly { readonly id: string; readonly title: string }[],
): Promise<void> {
  await desk.transact((transaction) =>
    transaction.query('insert into desk.ticket (id, title) select * from unnest($1::text[], $2::text[])', [
      tickets.map(({ id }) => id),
      tickets.map(({ title }) => title),
    ]),
  )
}
