/** One row of a benchmark: how many times the peer's median ours is, or what it measures by itself. */
export interface Row {
  readonly name: string
  readonly value: number
  readonly unit: 'ratio' | 'round trips' | 'ms' | 'us'
  readonly goal: number
  readonly ok: boolean
  /** the peers by name, in the same unit: of a ratio, the one that `value` counts in is 1 */
  readonly peers: Readonly<Record<string, number>>
  /** medians in microseconds, for people */
  readonly medians: Readonly<Record<string, number>>
}

/**
 * Makes a row of medians.
 *
 * @param ours the name of the way that is ours; `unit`: the name of the peer that counts as 1
 */
export function toRow(
  name: string,
  goal: number,
  medians: Readonly<Record<string, number>>,
  { ours, unit }: { readonly ours: string; readonly unit: string },
): Row {
  const ratio = (way: string) => round((medians[way] ?? Number.NaN) / (medians[unit] ?? Number.NaN))
  const peers = Object.keys(medians).filter((way) => way !== ours)
  const value = ratio(ours)
  return {
    name,
    value,
    unit: 'ratio',
    goal,
    ok: value <= goal,
    peers: Object.fromEntries(peers.map((way) => [way, ratio(way)])),
    medians,
  }
}

/** Makes a row of something that has a unit of its own, with what it was made of beside it. */
export function toMeasure(
  name: string,
  goal: number,
  unit: Row['unit'],
  measured: number,
  peers: Readonly<Record<string, number>>,
): Row {
  const value = round(measured)
  const told = Object.fromEntries(Object.entries(peers).map(([peer, each]) => [peer, round(each)]))
  return { name, value, unit, goal, ok: value <= goal, peers: told, medians: {} }
}

/** Prints the rows as a table; with `json`, one JSON object is the last line. A miss is printed as a miss. */
export function printRows(bench: string, rows: readonly Row[], leftOut: readonly string[], json: boolean): void {
  console.log(`${'row'.padEnd(28)}${'value'.padStart(8)}${'goal'.padStart(8)}        of`)
  for (const { name, value, unit, goal, ok, medians, peers } of rows) {
    const times =
      unit === 'ratio'
        ? Object.entries(medians).map(([way, median]) => `${way} ${Math.round(median)} us`)
        : [unit, ...Object.entries(peers).map(([peer, each]) => `${peer} ${each}`)]
    console.log(
      `${name.padEnd(28)}${value.toFixed(3).padStart(8)}${goal.toFixed(2).padStart(8)}  ${ok ? 'ok   ' : 'MISSED'} ${times.join(', ')}`,
    )
  }
  for (const reason of leftOut) console.log(`left out: ${reason}`)
  if (!json) return
  const told = rows.map(({ name, value, unit, goal, ok, peers }) => ({ name, value, unit, goal, ok, peers }))
  console.log(JSON.stringify({ bench, rows: told, ...(leftOut.length > 0 ? { leftOut } : {}) }))
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
