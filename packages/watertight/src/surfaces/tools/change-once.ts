import type { Json } from '../../encoding/index.ts'
import type { Row, Transaction } from '../../store/index.ts'
import { refuseUnapproved } from './ask-person.ts'
import { createResources } from './call-context.ts'
import { createCallLife, transactionWithin } from './call-life.ts'
import { countForeignRows, readOutput, withhold } from './check-answer.ts'
import { findMissing, refuseMissing, requireResolver } from './find-records.ts'
import { judgeRows, keyOf } from './records.ts'
import type { Records } from './records.ts'
import type { ResourceHit } from './resource-hits.ts'
import { effectOf, handOn, refuseUnsettled, repeat } from './run-once.ts'
import { answeredDraft, calledDraft } from './run-reading.ts'
import { failed, inTime } from './say-no.ts'
import type { Call, ToolPorts } from './tool-ports.ts'

/**
 * Makes a change of the app's own tables: the ledger row, the look at every id, the change itself, its answer and the
 * evidence are one transaction. Nothing of it is ever half made, and a second try of the same call waits for the first.
 */
export async function changeOnce(ports: ToolPorts, before: Call, hits: readonly ResourceHit[]): Promise<Json> {
  const { store, scope } = ports
  const call = { ...before, boundary: await scope.live() }
  const { boundary, tool } = call
  const life = createCallLife(tool.name, scope.run)
  const drafts = [calledDraft(call, hits), answeredDraft(call)]
  try {
    return await scope.recorder.during(boundary, drafts, (events) =>
      store.transact(boundary, (transaction) =>
        inTime(ports, tool, () => life.during(() => change(ports, call, hits, events, transaction, life)), life),
      ),
    )
  } catch (error) {
    if (error instanceof Instead) return await error.instead()
    throw await failed(ports, boundary, tool, error, life)
  }
}

// What happens once the transaction was rolled back: nothing of it was done, and no connection is held.
class Instead extends Error {
  readonly instead: () => Promise<Json>

  constructor(instead: () => Promise<Json>) {
    super('instead')
    this.instead = instead
  }
}

async function change(
  ports: ToolPorts,
  call: Call,
  hits: readonly ResourceHit[],
  events: string,
  transaction: Transaction,
  life: ReturnType<typeof createCallLife>,
): Promise<Json> {
  const { boundary, tool, parsed } = call
  const records = await findWithin(ports, call, hits, transaction)
  const missing = findMissing(hits, records)
  if (missing.length > 0)
    throw new Instead(async () => {
      const value = await repeat(ports, call)
      if (value === undefined) throw await refuseMissing(ports, call, missing)
      return value
    })
  const holder = await claim(ports, call, transaction)
  const output = await tool.change?.(transactionWithin(transaction, life), parsed, createResources(call, records, life))
  life.requireOwn() // whoever was too late must not commit
  const value = readOutput(output, ports.maximumOutputBytes)
  const foreign = countForeignRows(boundary, tool, value)
  if (foreign > 0) throw new Instead(async () => await reject(withhold(ports, boundary, tool, foreign)))
  await ports.effects.closeWithin(transaction, effectOf(ports, call), holder, value)
  await transaction.query('select wt.audit_append($1)', [events])
  return value
}

async function claim(ports: ToolPorts, call: Call, transaction: Transaction): Promise<string> {
  const begun = await ports.effects.claimWithin(transaction, effectOf(ports, call))
  if (begun.outcome === 'begun') return begun.holder
  if (begun.outcome === 'done') throw new Instead(() => handOn(ports, call, begun.value))
  if (begun.outcome === 'unapproved') throw new Instead(async () => await reject(refuseUnapproved(ports, call)))
  const { outcome } = begun
  throw new Instead(async () => await reject(refuseUnsettled(ports, call, outcome)))
}

async function reject(refusal: Promise<Error>): Promise<never> {
  throw await refusal
}

async function findWithin(
  ports: ToolPorts,
  { boundary }: Call,
  hits: readonly ResourceHit[],
  transaction: Transaction,
): Promise<Records> {
  const found = new Map<string, ResourceHit & { readonly row: Row }>()
  for (const type of new Set(hits.map((hit) => hit.type))) {
    const ids = hits.filter((hit) => hit.type === type).map((hit) => hit.id)
    const resolver = requireResolver(ports, type)
    // A table's resolver asks nobody else: that all types of a change have one was checked at registration.
    const rows = await resolver.find(ids, { boundary, transact: (work) => work(transaction) })
    for (const [id, row] of judgeRows(boundary, resolver, ids, rows)) found.set(keyOf({ type, id }), { type, id, row })
  }
  return found
}
