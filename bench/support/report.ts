/** One row of a benchmark: what ours costs, as a ratio to a peer's median or in a unit of its own. */
export interface Row {
  readonly name: string
  readonly value: number
  readonly unit: 'ratio' | 'round trips' | 'ms' | 'us'
  readonly goal: number
  readonly ok: boolean
  /** the peers by name, in the same unit; of a ratio, the one that `value` counts in is 1 */
  readonly peers: Readonly<Record<string, number>>
  /** what was measured, for people */
  readonly measured: string
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
    measured: tellMedians(medians),
  }
}

/** Makes a row of a value that has a unit of its own. `measured`: what it was reckoned from. */
export function toValueRow({ value, peers, ...row }: Omit<Row, 'ok'>): Row {
  const rounded = Object.entries(peers).map(([name, peer]) => [name, round(peer)] as const)
  return { ...row, value: round(value), ok: round(value) <= row.goal, peers: Object.fromEntries(rounded) }
}

/** Medians in microseconds as people read them. */
export function tellMedians(medians: Readonly<Record<string, number>>): string {
  const digits = (median: number) => (median < 10 ? 2 : 0)
  const told = Object.entries(medians).map(([way, median]) => `${way} ${median.toFixed(digits(median))} us`)
  return told.join(', ')
}

/** Prints the rows as a table; with `json`, one JSON object is the last line. A miss is printed as a miss. */
export function printRows(bench: string, rows: readonly Row[], leftOut: readonly string[], json: boolean): void {
  console.log(
    `${'row'.padEnd(nameWidth)}${'value'.padStart(8)}${'goal'.padStart(8)}  ${'unit'.padEnd(unitWidth)}        measured`,
  )
  for (const { name, value, unit, goal, ok, measured } of rows) {
    const figures = `${value.toFixed(3).padStart(8)}${goal.toFixed(2).padStart(8)}  ${unit.padEnd(unitWidth)}`
    console.log(`${name.padEnd(nameWidth)}${figures}  ${ok ? 'ok   ' : 'MISSED'} ${measured}`)
  }
  for (const reason of leftOut) console.log(`left out: ${reason}`)
  if (!json) return
  const told = rows.map(({ name, value, unit, goal, ok, peers }) => ({ name, value, unit, goal, ok, peers }))
  console.log(JSON.stringify({ bench, rows: told, ...(leftOut.length > 0 ? { leftOut } : {}) }))
}

const [nameWidth, unitWidth] = [28, 11]

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
