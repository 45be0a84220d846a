import { defineWorldOperation } from '../../../../src/testing/index.ts'
import type { FastCheckLike, WorldOperation } from '../../../../src/testing/index.ts'
import type { StageActor } from '../open-world.ts'
import { ownTicketIds } from '../twins.ts'

export function toolOperations(fastCheck: FastCheckLike): readonly WorldOperation<StageActor>[] {
  const [first = '', second = ''] = ownTicketIds
  const surface = 'tools'
  // One that others may have and the actor never has, and look-alikes of the actor's own.
  const id = fastCheck.constantFrom(first, second, 'X-1', 'B-1', 'H-7', first.toLowerCase(), `${first} `)
  const own = fastCheck.constantFrom(first, second)
  const reads = (name: string, ids: typeof id, refused: boolean) =>
    defineWorldOperation<StageActor, readonly [string, readonly string[]]>({
      surface,
      name,
      rule: 'An id from a model is a claim, resolved inside the boundary before anything runs.',
      refused,
      argument: fastCheck.tuple(ids, fastCheck.array(own, { maxLength: 3 })),
      run: ({ run }, [one, more]) =>
        run.tools.call('read-tickets', { first: more[0] ?? one, more: [one, ...more].map((each) => ({ id: each })) }),
    })
  return [
    defineWorldOperation<StageActor, undefined>({
      surface,
      name: 'list',
      rule: 'The tools that exist are those that the boundary allows.',
      argument: fastCheck.constantFrom(undefined),
      run: ({ run }) => run.tools.list(),
    }),
    reads('read own tickets', own, false),
    reads('read any tickets', id, false),
    defineWorldOperation<StageActor, string>({
      surface,
      name: 'find tickets',
      rule: 'A statement without a condition meets the rows of the boundary alone.',
      argument: fastCheck.constantFrom('', 'invoice', 'renewal'),
      run: ({ run }, word) => run.tools.call('find-tickets', { word }),
    }),
    defineWorldOperation<StageActor, string>({
      surface,
      name: 'close a ticket',
      rule: 'An effect meets the rows of the boundary alone.',
      argument: id,
      run: ({ run }, ticket) => run.tools.call('close-ticket', { ticket: { id: ticket } }),
    }),
    defineWorldOperation<StageActor, string>({
      surface,
      name: 'call an unknown tool',
      rule: 'A tool that is not allowed does not exist.',
      refused: true,
      argument: fastCheck.constantFrom('drop-tickets', 'Read-Tickets'),
      run: ({ run }, name) => run.tools.call(name, {}),
    }),
    defineWorldOperation<StageActor, string>({
      surface,
      name: 'name a tenant',
      rule: 'A model names no tenant.',
      refused: true,
      argument: fastCheck.constantFrom('tenantId', 'workspace_id'),
      run: ({ run }, name) => run.tools.call('find-tickets', { word: '', [name]: 'northstar-design' }),
    }),
  ]
}
