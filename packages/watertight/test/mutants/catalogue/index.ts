import type { Mutant } from '../mutant.ts'
import { approvalMutants } from './approvals.ts'
import { boundaryMutants } from './boundary.ts'
import { databaseMutants } from './database.ts'
import { effectMutants } from './effects.ts'
import { identityMutants } from './identity.ts'
import { ledgerMutants } from './ledger.ts'
import { memoryMutants } from './memory.ts'
import { policyMutants } from './policy.ts'
import { retrievalMutants } from './retrieval.ts'
import { evidenceMutants } from './runs.ts'
import { startUpMutants } from './start-up.ts'
import { toolMutants } from './tools.ts'

/** Every mutant, surface by surface. */
export const mutants: readonly Mutant[] = [
  ...identityMutants,
  ...boundaryMutants,
  ...databaseMutants,
  ...startUpMutants,
  ...evidenceMutants,
  ...memoryMutants,
  ...retrievalMutants,
  ...toolMutants,
  ...policyMutants,
  ...approvalMutants,
  ...effectMutants,
  ...ledgerMutants,
]
