import type { Arbitrary } from 'fast-check'

import { findDifference } from './difference.ts'
import type { Difference } from './difference.ts'
import { createPin } from './pin.ts'
import type { Pinned } from './pin.ts'
import type { FastCheckLike, World, WorldOperation, WorldStep } from './world.ts'
import { WorldsDiffer, WorldsUnproved } from './worlds-differ.ts'
import type { Divergence } from './worlds-differ.ts'

export interface WorldsOptions<Actor, History> {
  /** fast-check, version 4, which makes the scripts and shrinks them */
  readonly fastCheck: FastCheckLike
  /** what the actor may do */
  readonly operations: readonly WorldOperation<Actor>[]
  /** what the others may have done */
  readonly history: Arbitrary<History>
  /** Opens a world in which the actor's own part is always the same, and the others did what the history says. */
  open(history: History): Promise<World<Actor>>
  /** Opens a world in which there is nobody but the actor: every world is compared with one of these, where given. */
  openAlone?(): Promise<World<Actor>>
  /** how many pairs of worlds are compared; 100 by default */
  readonly comparisons?: number
  /** what the scripts and histories depend on; a failure tells it */
  readonly seed?: number
  /** how many steps a script has at most; 8 by default */
  readonly steps?: number
  /** how often each operation occurs at least, in all worlds together; 1 by default. With 0 nothing is asked of any */
  readonly occurrences?: number
  /** how long a step may take, in milliseconds; 30,000 by default */
  readonly stepTimeout?: number
  /** hears of each pair that was compared */
  readonly onComparison?: (done: number) => void
}

/** What was compared and found to be the same. */
export interface WorldsReport {
  readonly comparisons: number
  /** worlds that were opened: two for each comparison */
  readonly worlds: number
  /** how often each operation ran, as `surface.name`, and how often it was answered and not refused */
  readonly operations: ReadonlyMap<string, { readonly ran: number; readonly answered: number }>
  /** what the scripts depended on */
  readonly seed: number
}

/**
 * Tests for non-interference: whatever others have done or do, the actor observes the same (Goguen and Meseguer, "Security
 * policies and security models", 1982). Each script runs in two worlds that differ in the others' history alone; every
 * answer and refusal is compared, with its order, counts and scores, once times and made ids are pinned.
 *
 * @param options the operations, the histories, and how a world is opened
 * @throws {WorldsDiffer} when an observation depends on the others, with the smallest script that shows it
 * @throws {WorldsUnproved} when an operation did not occur, was never answered, or answered what it should refuse
 * @throws {TypeError} when there is nothing to compare
 * @throws what `open()` throws: a world that does not open proves nothing
 */
export async function compareWorlds<Actor, History>(options: WorldsOptions<Actor, History>): Promise<WorldsReport> {
  const { fastCheck, comparisons = 100, steps = 8, seed = Date.now() % 2 ** 31 } = options
  requireOptions(options.operations, { comparisons, steps })
  const ledger = createLedger(options)
  const script = fastCheck.array(fastCheck.oneof(...options.operations.map(withOperation)), {
    minLength: 1,
    maxLength: steps,
    size: 'max',
  })
  let smallest: Divergence | undefined
  let broken: { readonly error: unknown } | undefined
  const property = fastCheck.asyncProperty(script, pairsOf(options), async (plan, histories) => {
    if (broken !== undefined) return
    const [left, right] = await observePair(options, plan, histories, ledger).catch((error: unknown) => {
      broken = { error }
      throw error
    })
    const divergence = findDivergence(plan, histories, left, right, seed)
    if (divergence === undefined) return
    smallest = divergence // fast-check goes on from a failure alone, so the last one is the smallest
    throw new WorldsDiffer(divergence)
  })
  await fastCheck.check(property, { numRuns: comparisons, seed })
  if (broken !== undefined) throw broken.error
  if (smallest !== undefined) throw new WorldsDiffer(smallest)
  ledger.requireOccurrences(options.occurrences ?? 1)
  return { ...ledger.totals(), seed }
}

interface PlannedStep<Actor> extends WorldStep<Actor> {
  readonly operation: WorldOperation<Actor>
}

function withOperation<Actor>(operation: WorldOperation<Actor>): Arbitrary<PlannedStep<Actor>> {
  return operation.steps.map((step) => ({ ...step, operation }))
}

/** The histories of two worlds; the first is `undefined` where there is nobody else. */
type Histories<History> = readonly [left: History | undefined, right: History]

// Two worlds of one history prove nothing.
function pairsOf<Actor, History>(options: WorldsOptions<Actor, History>): Arbitrary<Histories<History>> {
  const { fastCheck, history } = options
  if (options.openAlone !== undefined) return history.map((right) => [undefined, right] as const)
  return fastCheck.tuple(history, history).filter(([left, right]) => JSON.stringify(left) !== JSON.stringify(right))
}

async function observePair<Actor, History>(
  options: WorldsOptions<Actor, History>,
  plan: readonly PlannedStep<Actor>[],
  [left, right]: Histories<History>,
  ledger: Ledger<Actor>,
): Promise<readonly [readonly Pinned[], readonly Pinned[]]> {
  const openLeft = () => (left === undefined ? options.openAlone?.() : options.open(left))
  const observed = [
    await observe(await openLeft(), plan, options.stepTimeout, ledger),
    await observe(await options.open(right), plan, options.stepTimeout, ledger),
  ] as const
  ledger.compared()
  return observed
}

async function observe<Actor>(
  opened: World<Actor> | undefined,
  plan: readonly PlannedStep<Actor>[],
  timeout = 30_000,
  ledger: Ledger<Actor>,
): Promise<readonly Pinned[]> {
  if (opened === undefined) throw new TypeError('compareWorlds() was given a history that is undefined.')
  await using world = opened
  const pin = createPin(world.pins)
  const seen: Pinned[] = []
  for (const [at, step] of plan.entries()) {
    const [outcome] = await within(
      timeout,
      step.operation,
      Promise.all([outcomeOf(step, world.actor), world.meanwhile?.(at)]),
    )
    ledger.ran(step.operation, 'answer' in outcome)
    seen.push(pin(outcome))
  }
  return seen
}

async function outcomeOf<Actor>(
  step: PlannedStep<Actor>,
  actor: Actor,
): Promise<{ answer: unknown } | { error: unknown }> {
  try {
    return { answer: await step.run(actor) }
  } catch (error) {
    return { error }
  }
}

async function within<Result>(
  timeout: number,
  { surface, name }: WorldOperation<never>,
  work: Promise<Result>,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new WorldsUnproved(`${surface}.${name} did not end within ${timeout} ms`)), timeout)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function findDivergence<Actor, History>(
  plan: readonly PlannedStep<Actor>[],
  histories: Histories<History>,
  left: readonly Pinned[],
  right: readonly Pinned[],
  seed: number,
): Divergence | undefined {
  for (const [at, { operation }] of plan.entries()) {
    const difference: Difference | undefined = findDifference(left[at], right[at])
    if (difference === undefined) continue
    const { surface, name, rule } = operation
    // What comes behind the step has no part in what it answered.
    const script = plan.slice(0, at + 1).map((step) => ({ operation: nameOf(step.operation), argument: step.argument }))
    return { surface, operation: name, rule, script, histories, difference, seed }
  }
  return undefined
}

interface Ledger<Actor> {
  ran(operation: WorldOperation<Actor>, answered: boolean): void
  compared(): void
  requireOccurrences(least: number): void
  totals(): Omit<WorldsReport, 'seed'>
}

function createLedger<Actor, History>({ operations, onComparison }: WorldsOptions<Actor, History>): Ledger<Actor> {
  const counts = new Map(operations.map((operation) => [nameOf(operation), { ran: 0, answered: 0 }]))
  let comparisons = 0
  return {
    ran(operation, answered) {
      const count = counts.get(nameOf(operation))
      if (count === undefined) return
      count.ran++
      if (answered) count.answered++
    },
    compared() {
      comparisons++
      onComparison?.(comparisons)
    },
    requireOccurrences(least) {
      if (least === 0) return
      for (const operation of operations) {
        const name = nameOf(operation)
        const { ran, answered } = counts.get(name) ?? { ran: 0, answered: 0 }
        if (ran < least) throw new WorldsUnproved(`${name} ran ${ran} times, and should run ${least} times`)
        if (answered === 0 && !operation.refused)
          throw new WorldsUnproved(`${name} ran ${ran} times and was never answered`)
        if (answered > 0 && operation.refused)
          throw new WorldsUnproved(`${name} was answered ${answered} times, and should be refused each time`)
      }
    },
    totals: () => ({ comparisons, worlds: comparisons * 2, operations: counts }),
  }
}

function nameOf({ surface, name }: WorldOperation<never>): string {
  return `${surface}.${name}`
}

function requireOptions(
  operations: readonly WorldOperation<never>[],
  numbers: Readonly<Record<'comparisons' | 'steps', number>>,
): void {
  if (operations.length === 0) throw new TypeError('compareWorlds() needs operations: without one nothing is observed.')
  const names = new Set(operations.map(nameOf))
  if (names.size !== operations.length) throw new TypeError('compareWorlds() was given two operations of one name.')
  for (const [name, number] of Object.entries(numbers))
    if (!Number.isSafeInteger(number) || number < 1)
      throw new TypeError(`compareWorlds() needs ${name} to be a whole number from 1.`)
}
