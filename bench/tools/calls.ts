import { interleave } from '../support/interleave.ts'
import { placeApart } from '../support/placement.ts'
import { toMeasure } from '../support/report.ts'
import type { Row } from '../support/report.ts'
import type { Scale } from '../support/scale.ts'
import { openCountedWire } from './count-flights.ts'
import { openTicketDatabase, openTicketDesk } from './ticket-desk.ts'

/** What three ids, and the ledger, add to the call of a tool on a server, as the plain app login. */
export async function measureCalls(scale: Scale): Promise<readonly Row[]> {
  await using place = await openTicketDatabase()
  const counted = await countTrips(place.database.appUrl, place.keys)
  await using desk = await openTicketDesk(place.database.appUrl, place.keys)
  await desk.countOfThree(-1)
  await placeApart(place.database)
  const { three, none } = await interleave(
    { ways: { three: (round) => desk.countOfThree(round), none: (round) => desk.count(round) } },
    scale.calls,
  )
  return [
    toMeasure('guard-three-ids-roundtrips', 1, 'round trips', counted.three - counted.none, counted),
    toMeasure('guard-three-ids-postgres', 0.4, 'ms', (three - none) / 1000, { three: three / 1000, none: none / 1000 }),
    toMeasure('effect-ledger-postgres', 2, 'round trips', counted.once - counted.none, counted),
  ]
}

// At the wire, where a pipelined flight of many statements is one. The first calls prepare statements and make connections.
async function countTrips(url: string, keys: string) {
  await using wire = await openCountedWire(url)
  await using desk = await openTicketDesk(wire.url, keys)
  for (const round of [-3, -2]) {
    await desk.count(round)
    await desk.countOfThree(round)
    await desk.countOnce(round)
  }
  return {
    none: await wire.count(() => desk.count(0)),
    three: await wire.count(() => desk.countOfThree(0)),
    once: await wire.count(() => desk.countOnce(0)),
  }
}
