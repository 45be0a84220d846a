import { Refusal } from '../../src/index.ts'
import type { TwinStore } from '../../src/testing/index.ts'
import type { Owner } from './owners.ts'

/**
 * One kind of component: what it must do for a single owner, and what a caller tries against its twin. Written once, for
 * every leaky version of that kind, for its fix, and for Watertight itself.
 */
export interface Kind<Component> {
  readonly name: string
  /** which of an owner's secrets is planted */
  readonly store: TwinStore
  /** What it promises to a single owner, whom nobody shares it with. Throws where it does not keep it. */
  contract(component: Component, owner: Owner): Promise<void>
  /** Plants the secret of an owner, by ordinary use. Returns the id under which it lies, where there is one. */
  seed(component: Component, owner: Owner, secret: string): Promise<string>
  /** What an owner sees of its own: its secret is in it, or the owner has lost it. */
  own(component: Component, owner: Owner, id: string, secret: string): Promise<unknown>
  /** Each is tried alone, on a component that was opened and seeded for it. Returns all that the caller observes. */
  readonly attempts: Readonly<Record<string, (scene: Scene<Component>) => Promise<unknown>>>
}

/** A component that holds what the caller keeps and what its twin keeps. */
interface Scene<Component> {
  readonly component: Component
  readonly caller: Owner
  readonly other: Owner
  /** the id under which the caller's own lies */
  readonly mine: string
  /** the id under which the other's lies: an id is no secret, and the caller is taken to know it */
  readonly theirs: string
  /** what each of them would say: a scene plays both roles */
  readonly says: { readonly caller: string; readonly other: string }
}

/** What came of one step, a refusal included: its words are observed too. */
export async function settle(step: () => Promise<unknown>): Promise<unknown> {
  try {
    return await step()
  } catch (error) {
    if (error instanceof Refusal) return error.toJSON() // the stack stays with the server
    throw error
  }
}

/** Several steps, one after another, each settled. */
export async function settleAll(...steps: readonly (() => Promise<unknown>)[]): Promise<readonly unknown[]> {
  const observed: unknown[] = []
  for (const step of steps) observed.push(await settle(step))
  return observed
}
