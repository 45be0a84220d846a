import type { ModelKnowledge } from './model-reading.ts'
import type { Behaviour } from './plan-moves.ts'

export interface CompromisedOptions extends Partial<ModelKnowledge> {
  /** what everything depends on that is chosen; 1 by default */
  readonly seed?: string | number
  /** how many calls it makes in one conversation; 60 by default */
  readonly calls?: number
  /** how many calls it asks for at once; 8 by default */
  readonly atOnce?: number
}

export function readBehaviour(options: CompromisedOptions): Behaviour {
  const { seed = 1, calls = 60, atOnce = 8, owners = [], ids = [] } = options
  if (!Number.isSafeInteger(calls) || calls < 0) throw new TypeError('calls must be a whole number from 0 up.')
  if (!Number.isSafeInteger(atOnce) || atOnce < 1) throw new TypeError('atOnce must be a whole number from 1 up.')
  return { seed, calls, atOnce, knowledge: { owners, ids } }
}
