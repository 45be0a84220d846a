/** One way to a result. It is given the number of the round, so that all ways read the same key in it. */
type Way = (round: number) => Promise<unknown>

export interface Contest<Name extends string> {
  readonly ways: Readonly<Record<Name, Way>>
  /** what must happen between rounds and is nobody's time */
  readonly between?: (round: number) => Promise<void>
}

/**
 * Runs every way in each round, and each of them first in its turn: what the machine does besides, and what one leaves
 * behind for the next, then weighs on all alike.
 *
 * @param rounds how often each is measured; a tenth of it comes before, unmeasured
 * @returns the median of each way, in microseconds
 */
export async function interleave<Name extends string>(
  contest: Contest<Name>,
  rounds: number,
): Promise<Readonly<Record<Name, number>>> {
  const ways = Object.entries<Way>(contest.ways).map(([name, way]) => ({ name, way, times: [] as number[] }))
  const warmUp = Math.ceil(rounds / 10)
  for (let round = 0; round < warmUp + rounds; round++) {
    const first = round % ways.length
    for (const { way, times } of [...ways.slice(first), ...ways.slice(0, first)]) {
      const started = performance.now()
      await way(round)
      if (round >= warmUp) times.push((performance.now() - started) * 1000)
    }
    await contest.between?.(round)
  }
  const medians = Object.fromEntries(ways.map(({ name, times }) => [name, median(times)]))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets the names, which are those of `ways`
  return medians as Record<Name, number>
}

/**
 * Interleaves the same contest several times.
 *
 * @returns the median of each way's medians: one block in which the machine was busy with something else then tells nothing
 */
export async function interleaveBlocks<Name extends string>(
  contest: Contest<Name>,
  { rounds, blocks }: { readonly rounds: number; readonly blocks: number },
): Promise<Readonly<Record<Name, number>>> {
  const medians: Readonly<Record<Name, number>>[] = []
  for (let block = 0; block < blocks; block++) medians.push(await interleave(contest, rounds))
  const over = Object.keys(contest.ways).map((name) => [name, median(medians.map((each) => Reflect.get(each, name)))])
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  return Object.fromEntries(over) as Record<Name, number>
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const half = Math.floor(sorted.length / 2)
  const high = sorted[half] ?? Number.NaN
  const low = sorted.length % 2 === 0 ? (sorted[half - 1] ?? Number.NaN) : high
  return (low + high) / 2
}
