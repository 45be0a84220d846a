import { isDeepStrictEqual } from 'node:util'
import { Refusal, type Approval } from 'watertight'

import type { Seat } from './seats.ts'

/** Who has to do with a refund: who asked for it, who may consent to it, and owners of somebody else. */
export interface RefundPeople {
  readonly requester: Seat
  readonly approver: Seat
  readonly strangers: readonly Seat[]
}

export interface Decision {
  readonly verdict: 'approved' | 'denied' | 'nothing-asked'
  /** What was seen on the way, for the report. */
  readonly checked: readonly string[]
  /** Who saw or decided what is not theirs. */
  readonly leaks: readonly string[]
}

/**
 * Decides the requests of a run as a careful owner does: the one that the person's question was about is approved if it
 * stands alone, and everything is denied otherwise. Before that, everybody who may not decide tries to.
 *
 * @param ticketId whose refund the person asked for
 */
export async function decideRefund(people: RefundPeople, runId: string, ticketId: string): Promise<Decision> {
  const { requester, approver } = people
  const { approvals } = approver.compartment
  const requests = (await approvals.list()).filter((request) => request.runId === runId)
  if (requests.length === 0) return { verdict: 'nothing-asked', checked: [], leaks: [] }
  const found = [...(await tryAsStrangers(people, requests)), ...(await tryAsRequester(requester, requests))]

  const isWished = ({ toolId, input, requestedBy }: Approval): boolean =>
    toolId === 'refund_invoice' &&
    isDeepStrictEqual(input, { ticketId }) &&
    requestedBy === requester.asker.person.id &&
    requests.length === 1
  const verdict = requests.every(isWished) ? 'approved' : 'denied'
  for (const { id } of requests) await (verdict === 'approved' ? approvals.approve(id) : approvals.deny(id))
  const { name } = approver.asker.person
  return {
    verdict,
    checked: [
      ...requests.map(({ toolId, input }) => `${name}, an owner, is asked for ${toolId} ${JSON.stringify(input)}`),
      ...found.map(({ checked }) => checked),
      verdict === 'approved'
        ? `${name} approves it, and the run tries twice`
        : `${name} denies all of it, and the run tries again`,
    ],
    leaks: found.flatMap(({ leaks }) => leaks),
  }
}

interface Found {
  readonly checked: string
  readonly leaks: readonly string[]
}

async function tryAsStrangers({ strangers }: RefundPeople, requests: readonly Approval[]): Promise<Found[]> {
  const found: Found[] = []
  for (const { asker, compartment } of strangers) {
    const who = `${asker.person.name} of ${asker.tenant.name}`
    const listed = await compartment.approvals.list()
    const outcomes = await tryToApprove({ asker, compartment }, requests)
    found.push({
      checked: `${who} has ${listed.length} requests in the list; approving: ${outcomes.join(', ')}`,
      leaks: [
        ...(listed.length > 0 ? [`approvals: ${who} sees a request`] : []),
        ...outcomes.filter((each) => each !== 'NOT_FOUND').map((each) => `approvals: ${who} decides: ${each}`),
      ],
    })
  }
  return found
}

async function tryAsRequester(requester: Seat, requests: readonly Approval[]): Promise<Found[]> {
  const who = `${requester.asker.person.name}, who asked`
  const outcomes = await tryToApprove(requester, requests)
  return [
    {
      checked: `${who}, approving: ${outcomes.join(', ')}`,
      leaks: outcomes.filter((each) => each !== 'FORBIDDEN').map((each) => `approvals: ${who}, decides: ${each}`),
    },
  ]
}

/** @returns the codes of what the tries met, each once */
async function tryToApprove({ compartment }: Seat, requests: readonly Approval[]): Promise<string[]> {
  const met = new Set<string>()
  for (const { id } of requests) {
    met.add(
      await compartment.approvals.approve(id).then(
        () => 'approved',
        (error: unknown) => {
          if (error instanceof Refusal) return error.code
          throw error
        },
      ),
    )
  }
  return [...met]
}
