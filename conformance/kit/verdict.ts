import type { StackRow } from './run-stack.ts'

/** A stack that is known to leak, and the same one with its leak closed. They show whether the kit can tell. */
const leakyControl = 'langgraph-store'
const tightControl = 'langgraph-store-exact'

/**
 * Judges the kit itself, by its two controls where they ran. What leaks in other stacks is a finding, and no fault of it.
 *
 * @returns what is wrong with it: nothing, where it behaves
 */
export function judgeKit(rows: readonly StackRow[]): readonly string[] {
  const leaky = rows.find(({ name }) => name === leakyControl)
  const tight = rows.find(({ name }) => name === tightControl)
  const faults = [
    leaky?.leaks === 0 && `${leakyControl} is known to leak, and nothing was seen: the kit is blind.`,
    tight !== undefined &&
      tight.leaks > 0 &&
      `${tightControl} keeps tenants apart, and leaked (${tight.repro}): the kit sees what is not there.`,
    ...rows.map(
      ({ name, mended }) =>
        mended !== undefined && mended > 0 && `${name} leaks with its remedy: it must not be advised.`,
    ),
    ...rows.map(({ name, cases }) => cases === 0 && `${name} was in no case: nothing is known of it.`),
  ]
  return faults.filter((fault) => typeof fault === 'string')
}
