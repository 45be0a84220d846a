import { AsyncLocalStorage } from 'node:async_hooks'

import { Refusal } from '../../errors.ts'
import type { Transaction } from '../../store/index.ts'
import type { RunScope } from '../surface.ts'

/**
 * The life of one call of foreign code: a tool, a resolver. What such code is handed works inside its own call, and
 * nowhere else: what it keeps in a variable of its module would otherwise reach into the call of the next customer, or
 * into one that runs at the same time.
 */
export interface CallLife {
  /** @throws {TypeError} when the call is over, or the one who asks is in another call */
  requireOwn(): void
  /** Ends it before its code does, which goes on and reaches nothing any more. */
  end(): void
  /** Runs the foreign code; the life ends with it. */
  during<Result>(work: () => Result | Promise<Result>): Promise<Result>
  /** Whether the code met this very error in a surface, which has left the evidence of what it refused. */
  met(error: unknown): boolean
  /** Remembers what a surface of ours threw at the code. */
  meet(error: unknown): void
}

interface Call {
  readonly run: RunScope['run']
  /** the call of the same run whose code made this one */
  readonly outer: Call | undefined
}

// Grants nothing: what may be reached was bound when the context was made. It only notices that another flow of calls
// holds it.
const underway = new AsyncLocalStorage<Call>()

/** @param what names the context in the error that a programmer reads */
export function createCallLife(what: string, run: RunScope['run']): CallLife {
  const outer = underway.getStore()
  const call: Call = { run, outer: outer?.run === run ? outer : undefined }
  let over = false
  const encountered = new WeakSet<Refusal>()
  return {
    end() {
      over = true
    },
    met: (error) => error instanceof Refusal && encountered.has(error),
    meet(error) {
      if (error instanceof Refusal) encountered.add(error)
    },
    requireOwn() {
      if (over) throw new TypeError(`The context of ${what} ended with its call: do not keep it.`)
      for (let own = underway.getStore(); own !== undefined; own = own.outer) if (own === call) return
      throw new TypeError(`The context of ${what} belongs to another call: use it in the one it was given to.`)
    },
    async during(work) {
      try {
        return await underway.run(call, async () => await work())
      } finally {
        over = true
      }
    },
  }
}

/** A run's scope whose every operation asks the call first, so that a surface bound to it ends with the call. */
export function scopeWithin(scope: RunScope, life: CallLife): RunScope {
  const narrower: RunScope = {
    ...scope,
    async live() {
      const boundary = await scope.live()
      life.requireOwn()
      return boundary
    },
    use: (surface, within = narrower) => scope.use(surface, within),
  }
  return narrower
}

/** A surface that only the call uses, and whose refusals the call remembers. */
export function surfaceWithin<Surface>(surface: Surface, life: CallLife): Surface {
  const watch = async (work: () => unknown): Promise<unknown> => {
    try {
      life.requireOwn()
      return await work()
    } catch (error) {
      life.meet(error)
      throw error
    }
  }
  const get = (_: object, name: string | symbol) => {
    const member: unknown = Reflect.get(Object(surface), name)
    if (typeof member !== 'function') return member
    return async (...given: unknown[]) => await watch(() => Reflect.apply(member, surface, given))
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- answers as the surface does, whose operations are all asynchronous
  return new Proxy({}, { get }) as Surface
}

/** A transaction that only the call uses which opened it: another may run while it is open. */
export function transactionWithin(transaction: Transaction, life: CallLife): Transaction {
  return {
    async query(text, values) {
      life.requireOwn()
      return await transaction.query(text, values)
    },
  }
}
