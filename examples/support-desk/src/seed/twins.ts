import { northstarDental } from './northstar-dental.ts'
import { northstarDesign } from './northstar-design.ts'
import type { TenantFacts } from './tenant-facts.ts'

export const twins: readonly [TenantFacts, TenantFacts] = [northstarDental, northstarDesign]
