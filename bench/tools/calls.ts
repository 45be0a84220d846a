import { openFlightCounter } from '../support/count-flights.ts'
import { interleaveBlocks, median } from '../support/interleave.ts'
import { placeApart } from '../support/placement.ts'
import { openRawPool } from '../support/raw.ts'
import { tellMedians, toValueRow } from '../support/report.ts'
import type { Row } from '../support/report.ts'
import type { Scale } from '../support/scale.ts'
import { idsOf, keepRawLedger, lookUpRaw, openDeskServer } from './desk.ts'
import type { DeskServer, ToolRun } from './desk.ts'

/** What ids and the ledger add to a call on a server, as the plain app login: in round trips, and in time. */
export async function measureCalls(scale: Scale): Promise<readonly Row[]> {
  await using server = await openDeskServer()
  const [ids, ledger] = await countFlights(server, scale)
  return [ids, await measureIds(server, scale), ledger]
}

/** Each way of a call by its name. What a way does is counted alone, so it must be all that is sent meanwhile. */
type Ways = Readonly<Record<string, (round: number) => Promise<unknown>>>

async function countFlights(server: DeskServer, scale: Scale): Promise<readonly [Row, Row]> {
  await using counter = await openFlightCounter(server.url)
  await using deployment = await server.start(counter.url)
  const { run } = deployment
  const raw = openRawPool(counter.url)
  try {
    const flights = await countEach(
      {
        ...callsWithIds(run),
        'raw-each': (round) => lookUpRaw(raw, round),
        read: () => run.tools.call('act_as_read', {}),
        write: (round) => run.tools.call('act_as_write', {}, { step: `${round}` }),
        change: (round) => run.tools.call('act_as_change', {}, { step: `${round}` }),
        'raw-ledger': (round) => keepRawLedger(raw, `${round}`),
      },
      (work) => counter.countDuring(work),
      scale.countedCalls,
    )
    return [toIdsRow(flights), toLedgerRow(flights)]
  } finally {
    await raw.end()
  }
}

function callsWithIds({ tools }: ToolRun) {
  return {
    'with-ids': (round: number) => tools.call('read_with_ids', idsOf(round)),
    'without-ids': () => tools.call('read_without_ids', {}),
  }
}

async function countEach<Each extends Ways>(
  ways: Each,
  count: (work: () => Promise<unknown>) => Promise<number>,
  rounds: number,
): Promise<Readonly<Record<keyof Each, number>>> {
  const counted = Object.entries(ways).map(([name, way]) => ({ name, way, counts: [] as number[] }))
  // The first one opens a connection, and prepares its statements on it.
  for (let round = 0; round < rounds + 2; round++) {
    for (const { way, counts } of counted) {
      const flights = await count(() => way(round))
      if (round >= 2) counts.push(flights)
    }
  }
  const medians = Object.fromEntries(counted.map(({ name, counts }) => [name, median(counts)]))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets the names, which are those of `ways`
  return medians as Record<keyof Each, number>
}

type Flights<Name extends string> = Readonly<Record<Name, number>>

function toIdsRow(flights: Flights<'with-ids' | 'without-ids' | 'raw-each'>): Row {
  return toValueRow({
    name: 'guard-three-ids-roundtrips',
    value: flights['with-ids'] - flights['without-ids'],
    unit: 'round trips',
    goal: 1,
    peers: { 'raw-each': flights['raw-each'] },
    measured: `a call with ids ${flights['with-ids']}, without ${flights['without-ids']}; three raw lookups ${flights['raw-each']}`,
  })
}

function toLedgerRow(flights: Flights<'read' | 'write' | 'change' | 'raw-ledger'>): Row {
  const { read, write, change } = flights
  return toValueRow({
    name: 'effect-ledger-postgres',
    value: write - read,
    unit: 'round trips',
    goal: 2,
    peers: { change: change - read, 'raw-ledger': flights['raw-ledger'] },
    measured: `the same work as read ${read}, as write ${write}, as change ${change}; a raw ledger adds ${flights['raw-ledger']}`,
  })
}

async function measureIds(server: DeskServer, { calls: rounds, callBlocks: blocks }: Scale): Promise<Row> {
  await using deployment = await server.start(server.url)
  const { run } = deployment
  const raw = openRawPool(server.url)
  try {
    await lookUpRaw(raw, 0)
    await placeApart(server.database)
    const ways = { ...callsWithIds(run), 'raw-each': (round: number) => lookUpRaw(raw, round) }
    const medians = await interleaveBlocks({ ways }, { rounds, blocks })
    return toValueRow({
      name: 'guard-three-ids-postgres',
      value: (medians['with-ids'] - medians['without-ids']) / 1000,
      unit: 'ms',
      goal: 0.4,
      peers: { 'raw-each': medians['raw-each'] / 1000 },
      measured: tellMedians(medians),
    })
  } finally {
    await raw.end()
  }
}
