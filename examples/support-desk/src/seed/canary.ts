import { createHash } from 'node:crypto'

/** A secret planted in one place; read anywhere else, it proves a leak. */
export interface Canary extends CanaryPlace {
  readonly value: string
}

/** Who may see a canary: the narrower the place, the more of these it names. */
export interface CanaryPlace {
  readonly store: 'memory' | 'document' | 'ticket'
  readonly tenantId: string
  readonly workspaceId?: string
  readonly userId?: string
  readonly datasourceId?: string
}

/** Makes the canary of a place; always the same one, so that text and list agree without sharing state. */
export function canaryOf(place: CanaryPlace): Canary {
  const path = [place.tenantId, place.workspaceId, place.store, place.datasourceId, place.userId]
  const suffix = createHash('sha256').update(JSON.stringify(path)).digest('hex').slice(0, 6)
  const words = path.filter((part) => part !== undefined)
  return { ...place, value: ['canary', ...words, suffix].join('-').replaceAll('_', '').toUpperCase() }
}
