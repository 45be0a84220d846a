import type { Arbitrary } from 'fast-check'

import type { FastCheckLike } from './world.ts'

/** What a neighbour has done, or does. */
export const neighbourActivities = [
  'absent', // there is no such neighbour
  'tiny', // one item of each kind
  'huge', // many times what the actor has
  'hostile', // items of the actor's own ids, keys and words, made to come first
  'busy', // works at the same time as the actor
] as const

export type NeighbourActivity = (typeof neighbourActivities)[number]

/** What everybody did from whom the actor is kept apart. */
export interface NeighbourHistory {
  /** other tenants */
  readonly tenants: NeighbourActivity
  /** other workspaces of the actor's tenant */
  readonly workspaces: NeighbourActivity
  /** other people of the actor's workspace */
  readonly users: NeighbourActivity
}

/** Every history of the three kinds of neighbours; the smallest has none of them. */
export function neighbourHistories(fastCheck: FastCheckLike): Arbitrary<NeighbourHistory> {
  const activity = fastCheck.constantFrom(...neighbourActivities)
  return fastCheck.record({ tenants: activity, workspaces: activity, users: activity })
}
