import type { FastCheckLike, WorldOperation } from '../../../src/testing/index.ts'
import type { StageActor } from './open-world.ts'
import { directoryOperations } from './operations/directory.ts'
import { memoryOperations } from './operations/memory.ts'
import { retrievalOperations } from './operations/retrieval.ts'
import { runOperations } from './operations/runs.ts'
import { toolOperations } from './operations/tools.ts'

/**
 * Every operation of every surface that there is.
 *
 * @param role the actor's: what it does not reach must be refused
 */
export function stageOperations(
  fastCheck: FastCheckLike,
  role: 'owner' | 'member',
): readonly WorldOperation<StageActor>[] {
  return [memoryOperations, runOperations, retrievalOperations, toolOperations, directoryOperations].flatMap((make) =>
    make(fastCheck, role),
  )
}
