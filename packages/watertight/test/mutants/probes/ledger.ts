import type { AgentBoundary } from '../../../src/index.ts'
import { fieldOf, openHouse } from '../house.ts'
import type { Probe, Script } from '../probe.ts'

const surface = 'ledger'

// What SQL of the application's own can do to the rows of effects and approvals, past every function.
const aRun =
  "with r as (insert into wt.run (agent, prompt_version, trace_id, expires_at) values ('a', '1', 't', now() + interval '1 hour') returning id)"
const anApproval = `${aRun} insert into wt.approval (run_id, tool_id, digest, input, approver_roles, expires_at)
  select id, 't', 'd', '1', '{admin,owner}', now() + interval '1 hour' from r`
const anEffect = (until: string, state = 'started') =>
  `${aRun} insert into wt.effect (run_id, key, tool_id, state, holder, held_until) select id, 'k', 't', '${state}', id, ${until} from r`
const aResult = `${aRun} insert into wt.effect_result (run_id, key, value, expires_at) select id, 'k', '1', now() + interval '1 hour' from r`
const decided = (state: string, by: string) =>
  `update wt.approval set state = '${state}', decided_by = ${by}, decided_role = (wt.boundary()).role, decided_version = wt.member_version(${by})`
const me = '(wt.boundary()).member'

/** One's own seat, a colleague's, and the rows of both in one workspace. */
async function openLedger() {
  const house = await openHouse({ surfaces: [] })
  const { seats, names } = house
  const only = 'where tenant_id = (select t.id from wt.tenant t where t.external_id = $1)'
  const idOf = async (boundary: AgentBoundary) => fieldOf(await house.token(boundary), 8)
  return {
    house,
    own: (role: string) => house.boundary({ ...seats.own, role }),
    colleague: (role = 'owner') => house.boundary({ ...seats.user, role }),
    other: () => house.boundary({ ...seats.own, userId: 'u3', role: 'owner' }),
    idOf,
    /** the state of the rows, as the superuser sees it */
    states: async (table: string) =>
      (await house.admin(`select state from wt.${table} ${only} order by state`, [names.own])).map(
        ({ state }) => state,
      ),
    change: (table: string, text: string) => house.admin(`update wt.${table} set ${text} ${only}`, [names.own]),
    count: async (boundary: AgentBoundary, table: string, which: string) =>
      (await house.sql(boundary, `select count(*)::int as rows from wt.${table} where ${which}`))[0]?.['rows'],
  }
}

type Ledger = Awaited<ReturnType<typeof openLedger>>

const inLedger = (name: string, run: (script: Script, ledger: Ledger) => Promise<void>): Probe => ({
  name,
  surface,
  async run(script) {
    const ledger = await openLedger()
    await run(script, ledger)
    await ledger.house[Symbol.asyncDispose]()
  },
})

/** SQL of somebody is tried on rows that stand already; what became of them is known. */
const tried = (
  name: string,
  table: 'approval' | 'effect',
  step: string,
  prepare: (ledger: Ledger) => Promise<unknown>,
  attempt: (ledger: Ledger) => Promise<readonly [AgentBoundary, string]>,
  states: readonly string[],
): Probe =>
  inLedger(name, async (script, ledger) => {
    await prepare(ledger)
    const [boundary, text] = await attempt(ledger)
    await script.outcome(step, () => ledger.house.sql(boundary, text))
    await script.see('the states of the rows', () => ledger.states(table), states)
  })

const asksColleague = async ({ house, colleague }: Ledger) => house.sql(await colleague(), anApproval)
const asks =
  (role: string) =>
  async ({ house, own }: Ledger) =>
    house.sql(await own(role), anApproval)
const isApproved = async (ledger: Ledger) => {
  await asks('member')(ledger)
  await ledger.house.sql(await ledger.colleague(), decided('approved', me))
}

export const probes: readonly Probe[] = [
  inLedger('approval-seen', async (script, ledger) => {
    await asksColleague(ledger)
    const others = `member_id <> ${me}`
    const [member, admin] = [await ledger.own('member'), 'admin']
    await script.see('a member counts the requests of others', () => ledger.count(member, 'approval', others), 0)
    const role = await ledger.own(admin)
    await script.see('an admin does, who may decide them', () => ledger.count(role, 'approval', others), 1)
  }),
  inLedger('approval-name', async (script, ledger) => {
    const id = await ledger.idOf(await ledger.colleague())
    const own = await ledger.own('owner')
    await script.refused(
      'SQL asks in a colleague’s name',
      () =>
        ledger.house.sql(own, [
          "insert into wt.approval (member_id, run_id, tool_id, digest, input, approver_roles, expires_at) values ($1, $1, 't', 'd', '1', '{owner}', now() + interval '1 hour')",
          id,
        ]),
      'FORBIDDEN scope',
    )
  }),
  tried(
    'decide-own',
    'approval',
    'SQL of an owner decides what it asked for',
    asks('owner'),
    async ({ own }) => [await own('owner'), decided('approved', me)],
    ['waiting'],
  ),
  tried(
    'decide-role',
    'approval',
    'SQL of a member decides',
    asksColleague,
    async ({ own }) => [await own('member'), decided('approved', me)],
    ['waiting'],
  ),
  tried(
    'decide-name',
    'approval',
    'SQL of an admin decides in the name of somebody else',
    asksColleague,
    async ({ own, other, idOf }) => [await own('admin'), decided('approved', `'${await idOf(await other())}'`)],
    ['waiting'],
  ),
  tried(
    'decide-late',
    'approval',
    'SQL of an admin decides after the end',
    async (ledger) => {
      await asksColleague(ledger)
      await ledger.change('approval', 'expires_at = now()')
    },
    async ({ own }) => [await own('admin'), decided('approved', me)],
    ['waiting'],
  ),
  tried(
    'decide-again',
    'approval',
    'SQL of an owner says yes to what was denied',
    async (ledger) => {
      await asksColleague(ledger)
      await ledger.house.sql(await ledger.own('admin'), decided('denied', me))
    },
    async ({ other }) => [await other(), decided('approved', me)],
    ['denied'],
  ),
  tried(
    'use-other',
    'approval',
    'SQL of an admin uses up what a member asked for',
    isApproved,
    async ({ other }) => [await other(), "update wt.approval set state = 'used'"],
    ['approved'],
  ),
  tried(
    'use-unapproved',
    'approval',
    'SQL uses what nobody has consented to',
    asks('member'),
    async ({ own }) => [await own('member'), decided('used', me)],
    ['waiting'],
  ),
  tried(
    'use-late',
    'approval',
    'SQL uses a consent after its end',
    async (ledger) => {
      await isApproved(ledger)
      await ledger.change('approval', 'expires_at = now()')
    },
    async ({ own }) => [await own('member'), "update wt.approval set state = 'used'"],
    ['approved'],
  ),
  tried(
    'use-changed',
    'approval',
    'SQL uses the consent of somebody who is a viewer now',
    async (ledger) => {
      await isApproved(ledger)
      await ledger.colleague('viewer')
    },
    async ({ own }) => [await own('member'), "update wt.approval set state = 'used'"],
    ['approved'],
  ),
  tried(
    'take-back',
    'approval',
    'SQL of an admin deletes what a colleague asked for',
    asksColleague,
    async ({ own }) => [await own('admin'), 'delete from wt.approval'],
    ['waiting'],
  ),
  inLedger('effect-seen', async (script, { house, colleague, own, count }) => {
    await house.sql(await colleague(), anEffect("'infinity'"))
    const member = await own('member')
    await script.see('a member counts the effects of others', () => count(member, 'effect', `member_id <> ${me}`), 0)
  }),
  inLedger('effect-name', async (script, { house, colleague, own, idOf }) => {
    const id = await idOf(await colleague())
    const member = await own('member')
    await script.refused(
      'SQL begins an effect in a colleague’s name',
      () =>
        house.sql(member, [
          "insert into wt.effect (member_id, run_id, key, tool_id, holder, held_until) values ($1, $1, 'k', 't', $1, 'infinity')",
          id,
        ]),
      'FORBIDDEN scope',
    )
  }),
  tried(
    'effect-proceed',
    'effect',
    'SQL of an admin goes on with a colleague’s effect that is underway',
    async ({ house, colleague }) => house.sql(await colleague(), anEffect("'infinity'")),
    async ({ own }) => [await own('admin'), "update wt.effect set state = 'unknown'"],
    ['started'],
  ),
  tried(
    'effect-made',
    'effect',
    'SQL puts an own effect in doubt that was made',
    async (ledger) => {
      await ledger.house.sql(await ledger.own('member'), anEffect("'infinity'"))
      await ledger.change('effect', "state = 'done'")
    },
    async ({ own }) => [await own('member'), "update wt.effect set state = 'unknown'"],
    ['done'],
  ),
  tried(
    'effect-made-admin',
    'effect',
    'SQL of an admin says of a colleague’s effect what is not theirs to say',
    async (ledger) => {
      await ledger.house.sql(await ledger.colleague(), anEffect('now()'))
    },
    async ({ own }) => [await own('admin'), "update wt.effect set state = 'unknown'"],
    ['started'],
  ),
  tried(
    'settle-role',
    'effect',
    'SQL of a member settles a colleague’s effect',
    async ({ house, colleague }) => house.sql(await colleague(), anEffect('now()')),
    async ({ own }) => [await own('member'), "update wt.effect set state = 'done'"],
    ['started'],
  ),
  tried(
    'settle-live',
    'effect',
    'SQL of an admin settles what is underway',
    async ({ house, colleague }) => house.sql(await colleague(), anEffect("'infinity'")),
    async ({ own }) => [await own('admin'), "update wt.effect set state = 'done'"],
    ['started'],
  ),
  tried(
    'absent-role',
    'effect',
    'SQL of a member deletes a colleague’s effect',
    async ({ house, colleague }) => house.sql(await colleague(), anEffect('now()')),
    async ({ own }) => [await own('member'), 'delete from wt.effect'],
    ['started'],
  ),
  tried(
    'absent-live',
    'effect',
    'SQL deletes an own effect that is underway',
    async ({ house, own }) => house.sql(await own('member'), anEffect("'infinity'")),
    async ({ own }) => [await own('member'), 'delete from wt.effect'],
    ['started'],
  ),
  tried(
    'absent-made',
    'effect',
    'SQL deletes an own effect that was made',
    async (ledger) => {
      await ledger.house.sql(await ledger.own('member'), anEffect('now()'))
      await ledger.change('effect', "state = 'done'")
    },
    async ({ own }) => [await own('member'), 'delete from wt.effect'],
    ['done'],
  ),
  inLedger('result-seen', async (script, { house, colleague, own, count }) => {
    await house.sql(await colleague(), aResult)
    const admin = await own('admin')
    await script.see(
      'an admin counts the answers that are kept for others',
      () => count(admin, 'effect_result', `member_id <> ${me}`),
      0,
    )
  }),
  inLedger('result-expired', async (script, { house, own, change, count }) => {
    await house.sql(await own('member'), aResult)
    await change('effect_result', 'expires_at = now()')
    const member = await own('member')
    await script.see(
      'SQL counts own answers that have expired',
      () => count(member, 'effect_result', `member_id = ${me}`),
      0,
    )
  }),
]
