import { z } from 'zod'

import { resource } from '../surfaces/tools/index.ts'

/**
 * A zod string that is the id of a customer's record: resolved inside the boundary before a tool runs.
 *
 * @param type the type of record, for which `tools()` has a resolver
 */
export function resourceId<const Type extends string>(type: Type) {
  return z.string().min(1).meta(resource(type)).brand<`${Type}Id`>()
}
