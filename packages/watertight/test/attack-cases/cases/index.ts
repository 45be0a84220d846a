import type { AttackCase } from '../attack-case.ts'
import { boundaryCases } from './t01-boundary.ts'
import { referenceCases } from './t02-references.ts'
import { memoryCases } from './t03-memory.ts'
import { retrievalCases } from './t04-retrieval.ts'
import { cacheCases } from './t05-caches.ts'
import { approvalCases } from './t06-approvals.ts'
import { effectCases } from './t06-effects.ts'
import { toolCases } from './t06-tools.ts'
import { delayCases } from './t07-delay.ts'
import { traceCases } from './t09-traces.ts'
import { handOffCases } from './t10-hand-off.ts'
import { injectionCases } from './t11-injection.ts'
import { exfiltrationCases } from './t12-exfiltration.ts'
import { oracleCases } from './t13-oracles.ts'
import { lifeCases } from './t14-life.ts'
import { nobodyCases } from './t15-nobody.ts'

/** Every attack that is executed. */
export const attackCases: readonly AttackCase[] = [
  ...boundaryCases,
  ...referenceCases,
  ...memoryCases,
  ...retrievalCases,
  ...cacheCases,
  ...toolCases,
  ...approvalCases,
  ...effectCases,
  ...delayCases,
  ...traceCases,
  ...handOffCases,
  ...injectionCases,
  ...exfiltrationCases,
  ...oracleCases,
  ...lifeCases,
  ...nobodyCases,
]
