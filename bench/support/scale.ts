/** How much a benchmark does. `quick` only shows that it runs: its figures mean nothing. */
export interface Scale {
  readonly quick: boolean
  /** rounds of one read each */
  readonly reads: number
  /** rounds over the delayed link */
  readonly delayedReads: number
  /** rounds of one run each */
  readonly runs: number
  /** tenants in the small and the large table, and rows in each */
  readonly tenants: readonly [few: number, many: number]
  readonly rows: number
  /** compartments that are read in turn */
  readonly compartments: number
  /** rounds of one call of a tool each, in a block; blocks, of whose medians the median counts; calls whose flights are counted */
  readonly calls: number
  readonly callBlocks: number
  readonly countedCalls: number
  /** rounds of a thousand decisions each */
  readonly decisions: number
}

export const fullScale: Scale = {
  quick: false,
  reads: 4_000,
  delayedReads: 1_000,
  runs: 300,
  tenants: [10, 10_000],
  rows: 1_000_000,
  compartments: 500,
  calls: 300,
  callBlocks: 7,
  countedCalls: 20,
  decisions: 500,
}

export const quickScale: Scale = {
  quick: true,
  reads: 40,
  delayedReads: 20,
  runs: 5,
  tenants: [2, 20],
  rows: 200,
  compartments: 10,
  calls: 10,
  callBlocks: 2,
  countedCalls: 2,
  decisions: 5,
}
