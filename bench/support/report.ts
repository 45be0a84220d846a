/** One row of a benchmark: how many times the peer's median ours is. */
export interface Row {
  readonly name: string
  readonly value: number
  readonly unit: 'ratio'
  readonly goal: number
  readonly ok: boolean
  /** the peers by name, in the same unit: the one that `value` counts in is 1 */
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

/** Prints the rows as a table; with `json`, one JSON object is the last line. A miss is printed as a miss. */
export function printRows(bench: string, rows: readonly Row[], leftOut: readonly string[], json: boolean): void {
  console.log(`${'row'.padEnd(24)}${'ratio'.padStart(8)}${'goal'.padStart(8)}        medians`)
  for (const { name, value, goal, ok, medians } of rows) {
    const times = Object.entries(medians).map(([way, median]) => `${way} ${Math.round(median)} us`)
    console.log(
      `${name.padEnd(24)}${value.toFixed(3).padStart(8)}${goal.toFixed(2).padStart(8)}  ${ok ? 'ok   ' : 'MISSED'} ${times.join(', ')}`,
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
