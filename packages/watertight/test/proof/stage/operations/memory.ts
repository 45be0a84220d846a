import { defineWorldOperation } from '../../../../src/testing/index.ts'
import type { FastCheckLike, WorldOperation } from '../../../../src/testing/index.ts'
import { memoryKeys, questions } from '../neighbours.ts'
import type { StageActor } from '../open-world.ts'

const scopes = ['user', 'workspace', 'tenant'] as const

export function memoryOperations(
  fastCheck: FastCheckLike,
  role: 'owner' | 'member',
): readonly WorldOperation<StageActor>[] {
  const key = fastCheck.constantFrom(...memoryKeys)
  const page = fastCheck.record({
    after: fastCheck.constantFrom('', 'a', 'language'),
    limit: fastCheck.constantFrom(1, 3, 1000),
  })
  const surface = 'memory'
  const inScopes = scopes.flatMap((scope) => [
    defineWorldOperation<StageActor, string>({
      surface,
      name: `get ${scope}`,
      rule: 'A memory is found by its exact owner, scope and key.',
      argument: key,
      run: ({ seated }, name) => seated.desk.memory.get(name, { scope }),
    }),
    defineWorldOperation<StageActor, string>({
      surface,
      name: `set ${scope}`,
      rule: 'A memory is written under its exact owner, scope and key, and over nobody else’s.',
      refused: role === 'member' && scope !== 'user',
      argument: key,
      run: ({ seated }, name) => seated.desk.memory.set(name, `mine: ${name}`, { scope }),
    }),
    defineWorldOperation<StageActor, string>({
      surface,
      name: `delete ${scope}`,
      rule: 'Deleting somebody else’s memory is deleting a missing one.',
      refused: role === 'member' && scope !== 'user',
      argument: key,
      run: ({ seated }, name) => seated.desk.memory.delete(name, { scope }),
    }),
    defineWorldOperation<StageActor, { readonly after: string; readonly limit: number }>({
      surface,
      name: `list ${scope}`,
      rule: 'A list, its order and its length depend on the owner’s own memories alone.',
      argument: page,
      run: ({ seated }, where) => seated.desk.memory.list({ scope, ...where }),
    }),
  ])
  return [
    ...inScopes,
    defineWorldOperation<StageActor, string>({
      surface,
      name: 'get in a run',
      rule: 'A run reads the memory of its own boundary.',
      argument: key,
      run: ({ run }, name) => run.memory.get(name),
    }),
    defineWorldOperation<StageActor, { readonly after: string; readonly limit: number }>({
      surface,
      name: 'list in a run',
      rule: 'A run lists the memory of its own boundary.',
      argument: page,
      run: ({ run }, where) => run.memory.list(where),
    }),
    defineWorldOperation<StageActor, readonly [question: string, key: string]>({
      surface,
      name: 'promote',
      rule: 'What becomes memory comes from the run’s own boundary.',
      argument: fastCheck.tuple(fastCheck.constantFrom(...questions), key),
      async run({ run, seated }, [question, name]) {
        const [hit] = await run.retrieval.search(question)
        const item = hit ?? (await run.state.get('draft'))
        if (item !== undefined) await run.memory.promote(item, { key: name })
        return await seated.desk.memory.get(name)
      },
    }),
  ]
}
