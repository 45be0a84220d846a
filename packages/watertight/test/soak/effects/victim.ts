/**
 * The process that is killed. It makes the calls of earlier processes again, and new ones, several times at once and for
 * two tenants, until it dies. Output to a pipe is written before the call returns, so what it says has been said.
 */
import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import {
  ApprovalRequired,
  EffectUnsettled,
  Forbidden,
  NotFound,
  Refusal,
  StoreUnavailable,
} from '../../../src/index.ts'
import { openDesk, openHouse } from './house.ts'
import { findReceipt } from './outside.ts'
import { keyOf, kinds, lease, people, slowEffect, tenantIds } from './protocol.ts'
import type { Found, Line, Operation, Place, Plan } from './protocol.ts'

const { values } = parseArgs({
  options: {
    database: { type: 'string', default: '' },
    migrations: { type: 'string', default: '' },
    /** the service outside */
    url: { type: 'string', default: '' },
    plan: { type: 'string', default: '' },
  },
})

const plan = JSON.parse(values.plan) as Plan
const { name, fault } = plan
const { url } = values
let turns = 0

const options = { database: values.database, keys: process.env['WATERTIGHT_KEYS'], fault }
const house = await openHouse(
  { ...options, applicationMigrations: values.migrations },
  { url, at, blind: fault === 'blind-lookup' },
)
const offices = await Promise.all(tenantIds.map(openOffice))
type Office = Awaited<ReturnType<typeof openOffice>>

if (plan.slow) watchTime()
if (plan.careful) await wait(lease)
say({ say: 'found', found: await look() })
if (plan.careful) await makeAgain(pursue)
if (plan.finish) {
  say({ say: 'found', found: await look() })
  await house.close()
} else {
  await Promise.all([
    ...(plan.careful ? [] : [makeAgain(several)]),
    Promise.all(plan.shared.map(several)),
    ...offices.map(makeNew),
    makeSlow(),
  ])
}

async function openOffice(tenantId: string) {
  const caller = await openDesk(house, tenantId, people.caller)
  const approver = await openDesk(house, tenantId, people.approver)
  const run = await caller.startRun({ agent: 'victim', promptVersion: 'v1', lifetime: 24 * 60 * 60_000 })
  return { tenantId, caller, approver, run }
}

// Renewals fall due every third of a lease. Where neither a timer nor an answer of the database is later than another third,
// none of them is too late; where one is, nobody can ask of a lease what this soak asks.
function watchTime(): void {
  const [pause, patience] = [50, lease / 3]
  let due = Date.now() + pause
  setInterval(() => {
    if (Date.now() - due > patience) say({ say: 'late' })
    due = Date.now() + pause
  }, pause)
  const ask = async () => {
    for (;;) {
      const asked = Date.now()
      await offices[0]?.caller.effects.list().catch(unlessAway)
      if (Date.now() - asked > patience) say({ say: 'late' })
      await wait(pause)
    }
  }
  void ask()
}

async function makeAgain(how: (operation: Operation) => Promise<unknown>): Promise<void> {
  // A few at a time: each is a round trip or four, and the lease of a dead holder is waited for beside the others.
  const waiting = [...plan.retries]
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await how(next)
  }
  await Promise.all(Array.from({ length: 8 }, work))
  say({ say: 'retried' })
}

async function makeNew(office: Office): Promise<never> {
  for (let turn = 0; ; turn++) {
    const calls = kinds.map((kind) => operationOf(office, kind, `${name}.${turn}.${kind}`))
    await Promise.all(calls.map((call) => (call.kind === 'refund' && turn % 2 === 0 ? refund(call) : several(call))))
  }
}

async function makeSlow(): Promise<void> {
  if (!plan.slow) return
  const slow = offices.flatMap((office) =>
    (['charge', 'charge-looked-up'] as const).map((kind) =>
      operationOf(office, kind, `${name}.slow.${kind}`, slowEffect),
    ),
  )
  const all = [...slow, ...plan.shared.filter(({ input }) => input.takes > 0)]
  await Promise.all(all.flatMap((call) => [pursue(call), pursue(call), pursue(call)]))
  say({ say: 'slow-over' })
}

function operationOf({ tenantId, run }: Office, kind: Operation['kind'], memo: string, takes = 0): Operation {
  return { kind, tenantId, runId: run.id, step: 'first', input: { memo, amount: 100, takes } }
}

/** Makes one call once or several times at once. */
async function several(operation: Operation): Promise<void> {
  await Promise.all(Array.from({ length: randomInt(1, 4) }, () => pursue(operation)))
}

/** Has one call consented to, makes it, and then means it once more: what was consented to once acts once. */
async function refund(operation: Operation): Promise<void> {
  if (['answered', 'made', 'unknown'].includes(await pursue(operation)))
    await attempt({ ...operation, step: 'again' }, { unheard: true })
}

/** Makes a call as an agent does: until it has an answer, or is told that there is none to have. */
async function pursue(operation: Operation): Promise<string> {
  const { approver } = officeOf(operation)
  let last = ''
  for (let tries = 0; tries < (plan.finish ? 12 : 5); tries++) {
    const { reason, error } = await attempt(operation)
    last = reason
    if (reason === 'answered' || reason === 'made') break
    if (reason === 'underway' && plan.finish) break // held by somebody who cannot be alive: waiting longer tells no more
    if (error instanceof ApprovalRequired) await approver.approvals.approve(error.approvalId).catch(unlessNotFound)
    if (reason === 'unknown') await settle(operation).catch(unlessAway)
  }
  return last
}

async function attempt(operation: Operation, { unheard = false } = {}): Promise<{ reason: string; error?: unknown }> {
  const { kind, input, step, runId } = operation
  if (!unheard) say({ say: 'begun', operation })
  if (fault === 'acknowledge-first') say({ say: 'answered', operation, answer: '{"receipt":0}' })
  try {
    const { value } = await officeOf(operation).run.tools.of(runId).call(kind, input, { step })
    if (!unheard) say({ say: 'answered', operation, answer: JSON.stringify(value) })
    return { reason: 'answered' }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const reason = error instanceof EffectUnsettled || error instanceof Forbidden ? error.reason : error.code
    if (!unheard) say({ say: 'refused', operation, reason })
    return { reason, error }
  }
}

/** What a person does about an effect of which nobody can say whether it was made: they look at the other side. */
async function settle(operation: Operation): Promise<void> {
  const { caller, approver } = officeOf(operation)
  say({ say: 'listed', operation, unsettled: await list() })
  if (!plan.finish && randomInt(2) === 0) return
  const desk = randomInt(2) === 0 ? caller : approver
  const effect = (await desk.effects.list()).find(({ key }) => key === keyOf(operation))
  if (effect === undefined) return
  const verdict = (await findReceipt(url, effect.key)) === undefined ? 'absent' : 'done'
  try {
    await desk.effects.settle(effect, verdict)
    say({ say: 'settled', operation, verdict })
  } catch (error) {
    unlessNotFound(error)
  }
}

async function look(): Promise<Found> {
  const entries = []
  for (const { caller, tenantId } of offices) {
    const { rows } = await caller.transact((transaction) => transaction.query('select memo, number from book.entry'))
    for (const row of rows) entries.push({ tenantId, memo: String(row['memo']), number: Number(row['number']) })
  }
  return { entries, unsettled: await list() }
}

async function list(): Promise<Found['unsettled']> {
  const lists = await Promise.all(
    offices.flatMap(({ tenantId, caller, approver }) =>
      [caller, approver].map(async (desk) => {
        const { userId } = desk.boundary
        return (await desk.effects.list()).map(({ key }) => ({ tenantId, userId, key }))
      }),
    ),
  )
  if (fault !== 'listed-elsewhere') return lists.flat()
  return lists.flat().flatMap((effect) => tenantIds.map((tenantId) => ({ ...effect, tenantId })))
}

async function at(place: Place): Promise<void> {
  const { stall } = plan
  if (stall?.at !== place || ++turns < stall.turn) return
  if (turns === stall.turn) say({ say: 'stalled' })
  await new Promise<never>(() => undefined)
}

function officeOf({ tenantId }: Operation): Office {
  const office = offices.find((each) => each.tenantId === tenantId)
  if (office === undefined) throw new TypeError('No such tenant.')
  return office
}

function unlessNotFound(error: unknown): void {
  if (!(error instanceof NotFound)) unlessAway(error) // somebody else was faster
}

// A busy server hands out no connection in time: what was asked did not happen, and is asked again.
function unlessAway(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error
}

function say(line: Line): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
