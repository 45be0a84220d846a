import type { Arbitrary } from 'fast-check'

import { neighbourHistories } from '../../../src/testing/index.ts'
import type { FastCheckLike, NeighbourHistory, World } from '../../../src/testing/index.ts'
import { settle } from './furnish.ts'
import type { FurnishedSeat, Furnisher } from './furnish.ts'
import { workBeside } from './neighbours.ts'
import type { NeighbourKind } from './neighbours.ts'
import type { Seat, Seated, Stage, StageRun } from './stage.ts'
import { actorsTwin, likenesses, twinAt } from './twins.ts'
import type { StageTwin } from './twins.ts'

/** What the neighbours did, and in which way their ids look like the actor's. */
export interface StageHistory extends NeighbourHistory {
  /** which of the twins they are, from 1 */
  readonly likeness: number
}

/** Whose view is compared: a person with a run, and what is somebody else's to try. */
export interface StageActor {
  readonly stage: Stage
  readonly seated: Seated
  readonly run: StageRun
  /** ids of others, where there are others, or of nobody */
  readonly foreign: {
    readonly runIds: Readonly<Record<NeighbourKind, string>>
    readonly workspaceId: string
  }
}

export type StageWorld = World<StageActor>

export function stageHistories(fastCheck: FastCheckLike): Arbitrary<StageHistory> {
  const likeness = fastCheck.constantFrom(...Array.from({ length: likenesses }, (_none, at) => at + 1))
  return fastCheck
    .tuple(neighbourHistories(fastCheck), likeness)
    .map(([history, which]) => ({ ...history, likeness: which }))
}

/**
 * Opens worlds in one database, each with an actor and neighbours of its own, beside all those before.
 *
 * @param role the actor's
 */
export function createWorldOpener(
  stage: Stage,
  furnisher: Furnisher,
  role: string,
): (history: StageHistory) => Promise<StageWorld> {
  return async (history) => {
    const world = stage.nameWorld()
    const neighbours = neighboursOf(world, history)
    const seat = { ...seatOf(world, actorsTwin), role }
    const runs = await furnisher.furnish([{ seat, as: 'actor' }, ...neighbours])
    const runIds = { ...nobodysRuns }
    for (const [at, { kind }] of neighbours.entries()) runIds[kind] = runs[at] ?? runIds[kind]
    const busy = await Promise.all(
      neighbours
        .filter(({ kind }) => history[kind] === 'busy')
        .map(async ({ kind, seat: theirs }) => ({ kind, seated: await stage.open(theirs) })),
    )
    // The neighbours' second workspace, where the actor is no member.
    const workspaceId = isSamePerson(history) ? 'nobody’s' : twinAt(0, history.likeness, 0).workspace.id
    const opened = await enter(stage, await stage.open(seat), world, { runIds, workspaceId })
    return {
      ...opened,
      meanwhile: async (step) => await Promise.all(busy.map((neighbour) => workBeside(neighbour, step))),
    }
  }
}

/** Opens worlds that hold nobody but an actor: everything is removed before each. */
export function createLonelyOpener(stage: Stage, role: string): () => Promise<StageWorld> {
  let last: Seated | undefined
  return async () => {
    if (last !== undefined) await stage.empty(last)
    const world = stage.nameWorld()
    const owner = await stage.seat({ ...seatOf(world, actorsTwin), role: 'owner' })
    await settle(owner)
    // What the seat's furnishing left in the log has no counterpart where seats are copied.
    await stage.admin(owner, 'delete from wt.audit_event where member_id <> $1', [nobodysRow])
    last = await stage.seat({ ...owner.seat, role })
    return await enter(stage, last, world, { runIds: nobodysRuns, workspaceId: 'nobody’s' })
  }
}

async function enter(
  stage: Stage,
  seated: Seated,
  world: string,
  foreign: StageActor['foreign'],
): Promise<Omit<StageWorld, 'meanwhile'>> {
  const run = await seated.desk.startRun({ agent: 'proof', promptVersion: '1' })
  await run.state.set('draft', 'Dear customer')
  return {
    actor: { stage, seated, run, foreign },
    pins: [[world, 'world']],
    [Symbol.asyncDispose]: () => run.end(),
  }
}

const nobodysRow = '00000000-0000-0000-0000-000000000000'
const nobodysRun = '11111111-1111-4111-8111-111111111111'
const nobodysRuns = { tenants: nobodysRun, workspaces: nobodysRun, users: nobodysRun }

function seatOf(world: string, { tenantId, workspace, user }: StageTwin): Omit<Seat, 'role'> {
  return { tenantId: `${world}${tenantId}`, workspaceId: workspace.id, userId: user.id }
}

function neighboursOf(
  world: string,
  history: StageHistory,
): readonly (FurnishedSeat & { readonly kind: NeighbourKind })[] {
  const { likeness } = history
  const twins: readonly (readonly [NeighbourKind, StageTwin])[] = [
    ['tenants', twinAt(likeness, 0, 0)],
    ['workspaces', twinAt(0, likeness, isSamePerson(history) ? 0 : likeness)],
    ['users', twinAt(0, 0, likeness)],
  ]
  return twins
    .filter(([kind]) => history[kind] !== 'absent')
    .map(([kind, twin]) => ({
      kind,
      seat: { ...seatOf(world, twin), role: 'owner' },
      as: `${kind}/${history[kind]}` as const,
    }))
}

// The same person has a seat in the other workspace, or somebody whose id looks alike: both are kept apart from the actor,
// and the second workspace is one that the actor may not enter.
function isSamePerson({ likeness }: StageHistory): boolean {
  return likeness % 2 === 0
}
