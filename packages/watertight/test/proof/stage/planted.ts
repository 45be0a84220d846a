import type { Compartment } from '../../../src/index.ts'
import type { StageActor } from './open-world.ts'
import type { Seated, StageDesk } from './stage.ts'

/** A leak that somebody might build, around a stage that has none. */
export interface PlantedLeak {
  /** what a hurried author did */
  readonly story: string
  /** the operation that the smallest script must end with */
  readonly caught: RegExp
  /** the actor, as it would be with that leak */
  plant(actor: StageActor): StageActor
}

/** One in each way in which others are noticed: a count, a rank, a key, an error, a sequence, a list. */
export const plantedLeaks: Readonly<Record<string, PlantedLeak>> = {
  'a count over all tenants': {
    story: 'A page tells how many tickets there are, and counts without a condition as the superuser.',
    caught: /^compartment\.count own rows$/,
    plant: (actor) =>
      withDesk(actor, (desk) => ({
        transact: async (work) => {
          const answer = await desk.transact(work)
          const [row] = await actor.stage.admin(
            actor.seated,
            'select count(*)::int as total from desk.ticket where starts_with(tenant_id, $1)',
            [worldOf(actor)],
          )
          return isRows(answer) && answer.some((each) => 'tickets' in each)
            ? ([...answer, { total: row?.['total'] }] as typeof answer)
            : answer
        },
      })),
  },
  'a rank by the words of all': {
    story: 'Scores are weighed by how rare a text is among the chunks of everybody.',
    caught: /^retrieval\.search$/,
    plant: (actor) =>
      withDesk(actor, (desk) => ({
        retrieval: {
          ...desk.retrieval,
          search: async (question, options) => {
            const hits = await desk.retrieval.search(question, options)
            const [row] = await actor.stage.admin(
              actor.seated,
              `select count(*)::int as total from wt.chunk c ${inWorld('c')}`,
              [worldOf(actor)],
            )
            return hits.map((hit) => ({ ...hit, score: hit.score / Math.log(2 + Number(row?.['total'])) }))
          },
        },
      })),
  },
  'a key in small letters': {
    story:
      'Memories of a workspace are kept in a cache beside the database, by tenant and key in small letters and cut to a length.',
    caught: /^memory\.get workspace$/,
    plant: (actor) =>
      withDesk(actor, (desk) => ({
        memory: {
          ...desk.memory,
          get: async (key, options) => {
            const found = await desk.memory.get(key, options)
            if (found !== undefined || options?.scope !== 'workspace') return found
            const [row] = await actor.stage.admin(
              actor.seated,
              `select m.value from wt.workspace_memory m ${inWorld('m')} and lower(m.key) = lower($2) limit 1`,
              [worldOf(actor), key],
            )
            return row === undefined
              ? undefined
              : {
                  key,
                  value: row['value'] as never,
                  scope: 'workspace',
                  source: { kind: 'set' },
                  updatedAt: new Date(),
                }
          },
        },
      })),
  },
  'an error that tells': {
    story: 'Whoever asks for a run of somebody else hears that it is somebody else’s, to be helpful.',
    caught: /^audit\.explain another’s run$/,
    plant: (actor) =>
      withDesk(actor, (desk) => ({
        explain: async (runId) => {
          const [row] = await actor.stage.admin(actor.seated, 'select 1 as there from wt.run where id::text = $1', [
            runId,
          ])
          return await desk.explain(runId).catch((error: unknown) => {
            throw row === undefined ? error : new Error('That run belongs to somebody else.', { cause: error })
          })
        },
      })),
  },
  'a delete that reaches all': {
    story: 'A document is deleted by its id, and the answer says whether anybody had one.',
    caught: /^retrieval\.delete$/,
    plant: (actor) =>
      withDesk(actor, (desk) => ({
        retrieval: {
          ...desk.retrieval,
          delete: async (document) => {
            const [row] = await actor.stage.admin(
              actor.seated,
              `select 1 as there from wt.document c ${inWorld('c')} and c.id = $2 limit 1`,
              [worldOf(actor), document.documentId],
            )
            return (await desk.retrieval.delete(document)) || row !== undefined
          },
        },
      })),
  },
  'a list of a whole tenant': {
    story: 'A list takes the memories of a tenant’s people for those of one.',
    caught: /^memory\.list user$/,
    plant: (actor) =>
      withDesk(actor, (desk) => ({
        memory: {
          ...desk.memory,
          list: async (options) => {
            const own = await desk.memory.list(options)
            if (options?.scope !== 'user') return own
            const rows = await actor.stage.admin(
              actor.seated,
              `select m.key from wt.user_memory m join wt.tenant t on t.id = m.tenant_id where t.external_id = $1 and m.key > $2 order by m.key limit $3`,
              [actor.seated.seat.tenantId, options.after ?? '', options.limit ?? 100],
            )
            return rows.map(({ key }) => ({
              key: String(key),
              value: null,
              scope: 'user',
              source: { kind: 'set' },
              updatedAt: new Date(),
            }))
          },
        },
      })),
  },
}

type DeskMembers = Omit<StageDesk, keyof Compartment<readonly []>> & Pick<StageDesk, 'explain' | 'transact'>

function withDesk(actor: StageActor, change: (desk: StageDesk) => Partial<DeskMembers>): StageActor {
  const { desk } = actor.seated
  const seated: Seated = { ...actor.seated, desk: { ...desk, ...change(desk) } }
  return { ...actor, seated }
}

// Every tenant of the world: what a deployment that holds this world alone would hold.
function inWorld(alias: string): string {
  return `join wt.tenant t on t.id = ${alias}.tenant_id where starts_with(t.external_id, $1)`
}

function worldOf({ seated }: StageActor): string {
  return seated.seat.tenantId.slice(0, 8)
}

function isRows(value: unknown): value is readonly object[] {
  return Array.isArray(value)
}
