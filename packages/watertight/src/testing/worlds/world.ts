import type * as FastCheck from 'fast-check'
import type { Arbitrary } from 'fast-check'

/** What is used of fast-check, which the caller hands in: `import fc from 'fast-check'`. The kit loads no package. */
export type FastCheckLike = Pick<
  typeof FastCheck,
  'array' | 'asyncProperty' | 'check' | 'constantFrom' | 'oneof' | 'record' | 'tuple'
>

/** What the actor may do, and with what: one operation of one surface. */
export interface WorldOperation<Actor> {
  /** the part of the system that answers; a failure names it */
  readonly surface: string
  /** unlike that of the surface's other operations */
  readonly name: string
  /** what it would break to answer the actor by what others did, as a sentence */
  readonly rule: string
  /** no answer is expected of it: each argument is one that must be refused */
  readonly refused: boolean
  /** the operation with an argument, as a script has it */
  readonly steps: Arbitrary<WorldStep<Actor>>
}

/** One step of a script. */
export interface WorldStep<Actor> {
  readonly argument: unknown
  run(actor: Actor): Promise<unknown>
}

/** One world, for one script. */
export interface World<Actor> extends AsyncDisposable {
  /** whose view is compared; the same in every world */
  readonly actor: Actor
  /** texts of the actor's own that differ from world to world, and what stands for each: `[['tenant-17', 'tenant']]` */
  readonly pins?: readonly (readonly [text: string, name: string])[]
  /** what others do while a step of the actor runs */
  meanwhile?(step: number): Promise<unknown>
}

/** What makes an operation: its argument's type is its own affair. */
export interface WorldOperationOptions<Actor, Argument> {
  readonly surface: string
  readonly name: string
  readonly rule: string
  /** set where every argument must be refused; otherwise an operation that is never answered proves nothing, and fails */
  readonly refused?: boolean
  readonly argument: Arbitrary<Argument>
  run(actor: Actor, argument: Argument): Promise<unknown>
}

/** Defines an operation, for `compareWorlds()`. */
export function defineWorldOperation<Actor, Argument>(
  options: WorldOperationOptions<Actor, Argument>,
): WorldOperation<Actor> {
  const { surface, name, rule, refused = false } = options
  const steps = options.argument.map((argument) => ({
    argument,
    run: (actor: Actor) => options.run(actor, argument),
  }))
  return { surface, name, rule, refused, steps }
}
