import type { StackRow } from './run-stack.ts'

/** A stack that is known to leak, and the same one with its leak closed. They show whether the kit can tell. */
const leakyControl = 'langgraph-store'
const tightControl = 'langgraph-store-exact'

/** What the run says of the kit itself. Leaks of other stacks are findings, and no fault of it. */
export type KitVerdict = { readonly broken: readonly string[] }

/** Judges the kit by its two controls, where they ran, and by the stacks that could not be set up. */
export function judgeKit(rows: readonly StackRow[], failures: readonly string[]): KitVerdict {
  const leaky = rows.find(({ name }) => name === leakyControl)
  const tight = rows.find(({ name }) => name === tightControl)
  const faults = [
    leaky?.leaks === 0 && `${leakyControl} is known to leak, and nothing was seen: the kit is blind.`,
    tight !== undefined &&
      tight.leaks > 0 &&
      `${tightControl} keeps tenants apart, and leaked (${tight.repro}): the kit sees what is not there.`,
    ...rows.map(({ name, cases }) => cases === 0 && `${name} was in no case: nothing is known of it.`),
  ]
  return { broken: [...failures, ...faults.filter((fault) => fault !== false)] }
}
