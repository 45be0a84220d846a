import { deepEqual } from 'node:assert/strict'

import { caseAmong } from './contract.ts'
import type { ContractCase, ContractOptions, Opened, Probe } from './contract.ts'
import { gluedOf, longOf } from './neighbours.ts'

/** How one sees whose a port is. */
export interface Belongings<Port> {
  /** keeps the name of an owner, under what others use too */
  readonly keep: (port: Port, name: string) => Promise<unknown>
  /** everything that there is for this owner: their name alone, where owners are kept apart */
  readonly read: (port: Port) => Promise<readonly (string | undefined)[]>
  readonly probe: Probe<Port>
}

/** The cases of owners whom only odd or long ids tell apart. */
export function ownerCases<Port>(
  options: ContractOptions<Port>,
  belongings: Belongings<Port>,
): readonly ContractCase[] {
  const { probe } = belongings
  const work = ({ others }: { readonly others: readonly Opened<Port>[] }) => keptApart(others, belongings)
  return [
    caseAmong(options, 'should keep owners apart whose ids run into each other', { circle: gluedOf, probe, work }),
    caseAmong(options, 'should keep owners apart whose long ids differ at the end', { circle: longOf, probe, work }),
  ]
}

async function keptApart<Port>(others: readonly Opened<Port>[], { keep, read }: Belongings<Port>): Promise<void> {
  for (const { name, port } of others) await keep(port, name)
  // Not in the order in which they came: what is taken from one queue in that order would be everybody's own.
  for (const { name, port } of others.toReversed())
    deepEqual(await read(port), [name], `found by the owner with ${name}`)
}

/** Everybody does something at the same time, and each is given what is their own. */
export async function atOnce<Port>(
  all: readonly { readonly name: string; readonly port: Port }[],
  work: (port: Port, name: string, at: number) => Promise<unknown>,
  what: string,
  expected: (name: string, at: number) => unknown = () => undefined,
): Promise<void> {
  const done = await Promise.all(all.map(({ name, port }, at) => work(port, name, at)))
  for (const [at, { name }] of all.entries()) deepEqual(done[at], expected(name, at), `${what} by ${name}`)
}
