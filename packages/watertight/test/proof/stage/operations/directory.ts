import { defineWorldOperation } from '../../../../src/testing/index.ts'
import type { FastCheckLike, WorldOperation } from '../../../../src/testing/index.ts'
import type { StageActor } from '../open-world.ts'

export function directoryOperations(fastCheck: FastCheckLike): readonly WorldOperation<StageActor>[] {
  const nothing = fastCheck.constantFrom(undefined)
  return [
    defineWorldOperation<StageActor, undefined>({
      surface: 'directory',
      name: 'boundary',
      rule: 'A boundary holds what the directory grants its own principal.',
      argument: nothing,
      async run({ stage, seated }) {
        const { traceId, expiresAt, ...boundary } = await stage.watertight.boundary(seated.principal, {
          workspaceId: seated.seat.workspaceId,
        })
        return { ...boundary, hasTrace: traceId !== '', hasEnd: expiresAt !== undefined }
      },
    }),
    defineWorldOperation<StageActor, undefined>({
      surface: 'directory',
      name: 'boundary in another workspace',
      rule: 'Missing and somebody else’s are the same refusal.',
      refused: true,
      argument: nothing,
      run: ({ stage, seated, foreign }) =>
        stage.watertight.boundary(seated.principal, { workspaceId: foreign.workspaceId }),
    }),
    defineWorldOperation<StageActor, undefined>({
      surface: 'compartment',
      name: 'export',
      rule: 'An export holds the person’s own items alone.',
      argument: nothing,
      run: ({ seated }) => Array.fromAsync(seated.desk.export()),
    }),
    defineWorldOperation<StageActor, undefined>({
      surface: 'compartment',
      name: 'erase',
      rule: 'Erasing meets the person’s own items alone.',
      argument: nothing,
      run: ({ seated }) => seated.desk.erase(),
    }),
    defineWorldOperation<StageActor, undefined>({
      surface: 'compartment',
      name: 'count own rows',
      rule: 'The app’s own statements meet the rows of the boundary alone.',
      argument: nothing,
      run: ({ seated }) =>
        seated.desk.transact(async (transaction) => {
          const { rows } = await transaction.query(
            `select (select count(*) from desk.ticket) as tickets, (select count(*) from wt.run_state) as state`,
          )
          return rows
        }),
    }),
  ]
}
