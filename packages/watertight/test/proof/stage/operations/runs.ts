import { defineWorldOperation } from '../../../../src/testing/index.ts'
import type { FastCheckLike, WorldOperation } from '../../../../src/testing/index.ts'
import { questions } from '../neighbours.ts'
import type { NeighbourKind } from '../neighbours.ts'
import type { StageActor } from '../open-world.ts'
import type { StageRun } from '../stage.ts'

export function runOperations(fastCheck: FastCheckLike): readonly WorldOperation<StageActor>[] {
  const key = fastCheck.constantFrom('draft', 'Draft', 'notes')
  const nothing = fastCheck.constantFrom(undefined)
  return [
    defineWorldOperation<StageActor, string>({
      surface: 'runs',
      name: 'get state',
      rule: 'Run state is found by its exact run and key.',
      argument: key,
      run: ({ run }, name) => run.state.get(name),
    }),
    defineWorldOperation<StageActor, string>({
      surface: 'runs',
      name: 'set state',
      rule: 'Run state is written under its exact run and key.',
      argument: key,
      run: ({ run }, name) => run.state.set(name, `mine: ${name}`),
    }),
    defineWorldOperation<StageActor, string>({
      surface: 'runs',
      name: 'delete state',
      rule: 'Deleting another run’s state is deleting what is missing.',
      argument: key,
      run: ({ run }, name) => run.state.delete(name),
    }),
    defineWorldOperation<StageActor, string>({
      surface: 'runs',
      name: 'add context',
      rule: 'The prompt holds items of the run’s own boundary alone.',
      argument: fastCheck.constantFrom(...questions),
      async run({ run }, question) {
        await run.context.add(...(await run.retrieval.search(question, { limit: 2 })))
        return run.context.items
      },
    }),
    defineWorldOperation<StageActor, undefined>({
      surface: 'runs',
      name: 'start and end',
      rule: 'A run begins with nothing and leaves nothing.',
      argument: nothing,
      async run({ seated }) {
        const { id, state, end } = await seated.desk.startRun({ agent: 'second', promptVersion: '2' })
        const before = await state.get('draft')
        await end()
        return { before, explained: await seated.desk.explain(id) }
      },
    }),
    defineWorldOperation<StageActor, undefined>({
      surface: 'audit',
      name: 'explain',
      rule: 'An explanation names what the run itself used and was refused.',
      argument: nothing,
      async run({ seated, run }) {
        await writeReads(run)
        return await seated.desk.explain(run.id)
      },
    }),
    defineWorldOperation<StageActor, NeighbourKind>({
      surface: 'audit',
      name: 'explain another’s run',
      rule: 'Missing and somebody else’s are the same refusal.',
      refused: true,
      // An admin explains the runs of the workspace: the run of another person there is theirs to see.
      argument: fastCheck.constantFrom('tenants', 'workspaces', 'users'),
      run({ seated, foreign }, kind) {
        const within = kind === 'users' && seated.seat.role !== 'viewer' && seated.seat.role !== 'member'
        return seated.desk.explain(foreign.runIds[within ? 'tenants' : kind])
      },
    }),
    defineWorldOperation<StageActor, undefined>({
      surface: 'audit',
      name: 'read own events',
      rule: 'The events of what a person did are the same, whatever others hold.',
      argument: nothing,
      async run({ seated, run }) {
        await writeReads(run)
        return await seated.desk.transact(async (transaction) => {
          const { rows } = await transaction.query(ownEvents, [run.id])
          return rows
        })
      },
    }),
  ]
}

// A run's reads are written by the next effect, or a second later: waiting for neither pins the actor's own clock.
async function writeReads(run: StageRun): Promise<void> {
  await run.context.add()
}

// Those of the run apart from the others, between which that second would decide the order.
const ownEvents = `select event, decision, surface, reason, tool_ids, datasource_ids, blocked_cross_boundary_resources, detail
  from wt.audit_event where member_id = (wt.boundary()).member and (agent_run_id = $1 or agent_run_id is null)
 order by agent_run_id is null, at, age(xmin) desc, position`
