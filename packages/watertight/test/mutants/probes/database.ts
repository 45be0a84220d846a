import { customerTables } from '../masks.ts'
import { fieldOf, forge, openHouse } from '../house.ts'
import type { Probe, Script } from '../probe.ts'

const surface = 'database'
const scope = 'select (wt.boundary()).tenant'
const setToken = "select set_config('wt.token', $1, true)"

type House = Awaited<ReturnType<typeof openHouse<readonly []>>>

const inHouse = (name: string, run: (script: Script, house: House) => Promise<void>): Probe => ({
  name,
  surface,
  async run(script) {
    await using house = await openHouse({ surfaces: [] })
    await run(script, house)
  },
})

/** A token that the own person changed in some fields, taken from another person's token or given. */
const unsigned = (
  name: string,
  step: string,
  fields: readonly number[],
  from: { readonly seat: 'tenant' | 'workspace' | 'user' } | { readonly value: string },
): Probe =>
  inHouse(name, async (script, house) => {
    const own = await house.boundary({ ...house.seats.own, role: 'member', allowedDatasourceIds: [] })
    const token = await house.token(own)
    const theirs = 'seat' in from ? await house.token(await house.boundary(house.seats[from.seat])) : undefined
    const valueOf = (field: number) => (theirs === undefined ? '' : fieldOf(theirs, field))
    const values = Object.fromEntries(fields.map((field) => [field, 'value' in from ? from.value : valueOf(field)]))
    const use = (forged: string) => house.sql(own, [setToken, forged], scope)
    await script.see('set one’s own token in SQL', async () => (await use(token)).length, 1)
    await script.refused(step, () => use(forge(token, values, 'unsigned')), 'BOUNDARY_REFUSED forged')
  })

/** A token that was true, used by SQL of somebody else after something has ended it. */
const over = (name: string, step: string, end: (house: House) => Promise<unknown>): Probe =>
  inHouse(name, async (script, house) => {
    const token = await house.token(await house.boundary(house.seats.own))
    const other = await house.boundary(house.seats.tenant)
    const use = () => house.sql(other, [setToken, token], scope)
    await script.see('use a token', async () => (await use()).length, 1)
    await script.do(step, () => end(house))
    await script.refused('use it again', use, 'BOUNDARY_REFUSED revoked')
  })

const signed = (name: string, step: string, fields: Readonly<Record<number, string>>, reason: string): Probe =>
  inHouse(name, async (script, house) => {
    const own = await house.boundary(house.seats.own)
    const token = forge(await house.token(own), fields, 'signed')
    await script.refused(step, () => house.sql(own, [setToken, token], scope), `BOUNDARY_REFUSED ${reason}`)
  })

const foreignRows: Readonly<Record<string, string>> = {
  effect_result:
    '(tenant_id, workspace_id, member_id) <> (select b.tenant, b.workspace, b.member from wt.boundary() b)',
  run_state: '(tenant_id, workspace_id, member_id) <> (select b.tenant, b.workspace, b.member from wt.boundary() b)',
  user_memory: '(tenant_id, workspace_id, member_id) <> (select b.tenant, b.workspace, b.member from wt.boundary() b)',
  tenant_memory: 'tenant_id <> (wt.boundary()).tenant',
}
const ofOthers = (table: string) =>
  `select count(*)::int as rows from wt.${table} where ${foreignRows[table] ?? '(tenant_id, workspace_id) <> (select b.tenant, b.workspace from wt.boundary() b)'}`
const counted = (rows: readonly Readonly<Record<string, unknown>>[]) => rows[0]?.['rows']

const hidden = (table: string): Probe =>
  inHouse(`floor-${table.replaceAll('_', '-')}`, async (script, house) => {
    const own = await house.boundary(house.seats.own)
    await house.boundary(house.seats.tenant)
    const [tenant, workspace, member] = ['tenant', 'workspace', 'user'] as const
    for (const seat of [tenant, workspace, member])
      await insertInto(house, table, await house.boundary(house.seats[seat]))
    await script.see(
      `SQL of one person counts rows of others in wt.${table}`,
      async () => counted(await house.sql(own, ofOthers(table))),
      0,
    )
  })

// The least that a person can put into a table; where that takes more than a statement, nobody's row is there to be seen.
async function insertInto(
  house: House,
  table: string,
  boundary: Awaited<ReturnType<House['boundary']>>,
): Promise<void> {
  const aRun =
    "with r as (insert into wt.run (agent, prompt_version, trace_id, expires_at) values ('a', '1', 't', now() + interval '1 hour') returning id)"
  const text: Readonly<Record<string, string>> = {
    effect: `${aRun} insert into wt.effect (run_id, key, tool_id, holder, held_until) select id, 'k', 't', id, now() from r`,
    effect_result: `${aRun} insert into wt.effect_result (run_id, key, value, expires_at) select id, 'k', '1', now() + interval '1 hour' from r`,
    approval: `${aRun} insert into wt.approval (run_id, tool_id, digest, input, approver_roles, expires_at) select id, 't', 'd', '1', '{owner}', now() + interval '1 hour' from r`,
    run: "insert into wt.run (agent, prompt_version, trace_id, expires_at) values ('a', '1', 't', now() + interval '1 hour')",
    user_memory: "insert into wt.user_memory (key, value, source) values ('plan', '1', '{}')",
    workspace_memory: "insert into wt.workspace_memory (key, value, source) values ('plan', '1', '{}')",
    tenant_memory:
      "insert into wt.tenant_memory (key, value, source) values ('plan', '1', '{}') on conflict do nothing",
  }
  if (text[table] !== undefined) await house.sql(boundary, text[table])
}

const forbidden = (name: string, step: string, role: string, text: string, code = 'FORBIDDEN scope'): Probe =>
  inHouse(name, async (script, house) => {
    const own = await house.boundary({ ...house.seats.own, role })
    await script.refused(step, () => house.sql(own, text), code)
  })

export const probes: readonly Probe[] = [
  unsigned('field-place', 'put the place and the person of acme-eu into it', [6, 7, 8, 11], { seat: 'tenant' }),
  unsigned('field-workspace', 'put workspace and person of ws2 into it', [7, 8, 11], { seat: 'workspace' }),
  unsigned('field-member', 'put a colleague into it', [8, 11], { seat: 'user' }),
  unsigned('field-role', 'put the role owner into it', [9], { value: 'owner' }),
  unsigned('field-datasources', 'put a datasource into it', [12], { value: '00000000-0000-4000-8000-000000000004' }),
  unsigned('field-expiry', 'put another end into it', [4], { value: '99999999999999' }),
  unsigned('field-pid', 'free it from its session', [3], { value: '0' }),
  unsigned('field-application-ids', 'put the ids of acme-eu into it', [13, 14, 15], { seat: 'tenant' }),
  signed('expired', 'use a token whose time is over', { 4: '1' }, 'expired'),
  signed('other-session', 'use a token of another session', { 3: '999999' }, 'forged'),
  signed('other-purpose', 'use a token that was made for another purpose', { 1: 'o' }, 'forged'),
  over('epoch', 'raise the tenant’s epoch', ({ watertight, names }) => watertight.directory.raiseEpoch(names.own)),
  over('version', 'raise the member’s version', ({ watertight, seats }) =>
    watertight.directory.raiseVersion(seats.own),
  ),
  over('suspended', 'suspend the tenant', ({ admin, names }) =>
    admin('update wt.tenant set suspended = true where external_id = $1', [names.own]),
  ),
  over('removed', 'remove the member', ({ admin, names }) =>
    admin('update wt.member m set removed = true from wt.tenant t where t.id = m.tenant_id and t.external_id = $1', [
      names.own,
    ]),
  ),
  inHouse('operator-door', async (script, house) => {
    const own = await house.boundary(house.seats.own)
    const token = await house.token(own)
    const raise = (given: string) => house.sql(own, ['select wt.operator_raise_epoch($1, $2)', given, house.names.twin])
    await script.refused(
      'SQL inside a boundary raises the epoch of acme-eu by its own token',
      () => raise(token),
      'BOUNDARY_REFUSED forged',
    )
    await script.refused('the same without a token', () => raise(''), 'BOUNDARY_REFUSED forged')
  }),
  forbidden('keys', 'SQL inside a boundary reads the keys', 'owner', 'select kid from wt.key'),
  forbidden(
    'directory',
    'SQL inside a boundary reads who is a member of what',
    'owner',
    'select subject from wt.member',
  ),
  inHouse('no-token', async (script, house) => {
    const own = await house.boundary(house.seats.own)
    for (const nothing of ['', ' ', '0', 'null'])
      await script.refused(
        `ask whose the boundary is with the token '${nothing}'`,
        () => house.sql(own, [setToken, nothing], scope),
        'BOUNDARY_REFUSED forged',
      )
  }),
  inHouse('grant', async (script, house) => {
    const { own, twin } = house.names
    const { directory } = house.watertight
    await house.boundary(house.seats.own)
    const shouted = own.toUpperCase()
    await directory.putTenant({ tenantId: shouted, plan: 'pro', region: 'us' })
    await directory.putWorkspace({ tenantId: shouted, workspaceId: 'ws' })
    const rest = { role: 'owner', allowedToolIds: [], allowedDatasourceIds: [] }
    await directory.putMember({
      tenantId: twin,
      workspaceId: 'ws',
      userId: 'idp-user',
      issuer: 'https://id.example',
      ...rest,
    })
    const enter = async (tenantId: string, workspaceId: string, userId: string) =>
      (await house.watertight.boundary(await house.watertight.identify({ tenantId, userId }), { workspaceId })).tenantId
    await script.see('enter one’s own place', () => enter(own, 'ws', 'u'), own)
    await script.refused('enter the same in capitals', () => enter(shouted, 'ws', 'u'), 'NOT_FOUND')
    await script.refused('enter it by another case of the person', () => enter(own, 'ws', 'U'), 'NOT_FOUND')
    await script.refused('enter a workspace of which one is no member', () => enter(own, 'ws2', 'u'), 'NOT_FOUND')
    await script.refused(
      'enter as a person whom another issuer vouches for',
      () => enter(twin, 'ws', 'idp-user'),
      'NOT_FOUND',
    )
    await script.refused('enter acme-eu as the person of acme', () => enter(twin, 'ws', 'u'), 'NOT_FOUND')
  }),
  ...customerTables.map(hidden),
  inHouse('forced', async (script, house) => {
    const own = await house.boundary(house.seats.own)
    await house.sql(own, "insert into wt.user_memory (key, value, source) values ('plan', '1', '{}')")
    for (const table of customerTables.filter((name) => name !== 'run'))
      await script.see(
        `code that runs as the owner of wt.${table} counts its rows`,
        async () =>
          counted(
            await house.sql(own, 'reset role', 'set role wt_owner', `select count(*)::int as rows from wt.${table}`),
          ),
        0,
      )
  }),
  inHouse('granted-datasources', async (script, house) => {
    const reader = await house.boundary({ ...house.seats.own, allowedDatasourceIds: ['docs'] })
    const ids = await house.admin(
      'select d.id from wt.datasource d join wt.tenant t on t.id = d.tenant_id where t.external_id = $1 and d.external_id = $2 order by d.id',
      [house.names.own, 'docs2'],
    )
    const insert = (id: unknown) =>
      ["insert into wt.document (datasource_id, embedder, id, title) values ($1, 'e', 'd', 't')", id] as const
    await script.refused(
      'write a document into a datasource that is not allowed',
      async () => {
        for (const { id } of ids) await house.sql(reader, insert(id))
      },
      'FORBIDDEN scope',
    )
    const none = await house.boundary({ ...house.seats.own, allowedDatasourceIds: [] })
    await script.refused(
      'write one where none is allowed',
      async () => {
        for (const { id } of ids) await house.sql(none, insert(id))
      },
      'FORBIDDEN scope',
    )
  }),
  forbidden(
    'workspace-memory-role',
    'SQL of a member writes what the workspace shares',
    'member',
    "insert into wt.workspace_memory (key, value, source) values ('plan', '1', '{}')",
  ),
  forbidden(
    'tenant-memory-role',
    'SQL of an admin writes what the tenant shares',
    'admin',
    "insert into wt.tenant_memory (key, value, source) values ('plan', '1', '{}')",
  ),
  inHouse('document-role', async (script, house) => {
    const viewer = await house.boundary({ ...house.seats.own, role: 'viewer', allowedDatasourceIds: ['docs'] })
    const write =
      "insert into wt.generation (datasource_id, embedder) select d[1], 'e' from (select (wt.boundary()).datasources as d) b"
    await script.refused('SQL of a viewer writes into a datasource', () => house.sql(viewer, write), 'FORBIDDEN scope')
  }),
  inHouse('own-name', async (script, house) => {
    const own = await house.boundary(house.seats.own)
    const other = fieldOf(await house.token(await house.boundary(house.seats.user)), 8)
    const run = (member: string) =>
      [
        "insert into wt.run (member_id, agent, prompt_version, trace_id, expires_at) values ($1, 'a', '1', 't', now() + interval '1 hour')",
        member,
      ] as const
    const event = (member: string) =>
      [
        "insert into wt.audit_event (member_id, position, event, decision, surface, trace_id, tool_ids, datasource_ids, blocked_cross_boundary_resources, detail) values ($1, 1, 'memory-read', 'allowed', 'memory', 't', '{}', '{}', 0, '{}')",
        member,
      ] as const
    const mine = fieldOf(await house.token(own), 8)
    await script.see('SQL starts a run in one’s own name', async () => (await house.sql(own, run(mine))).length, 0)
    await script.refused('start one in a colleague’s', () => house.sql(own, run(other)), 'FORBIDDEN scope')
    await script.see('SQL files an event in one’s own name', async () => (await house.sql(own, event(mine))).length, 0)
    await script.refused('file one in a colleague’s', () => house.sql(own, event(other)), 'FORBIDDEN scope')
  }),
  inHouse('transaction', async (script, house) => {
    const own = await house.boundary(house.seats.own)
    for (const text of ['commit', ' /* a */ rollback', 'copy wt.user_memory to stdout'])
      await script.refused(`SQL of the app sends: ${text}`, () => house.sql(own, text), 'TypeError')
    const kept = await house.watertight.within(own).transact(async (transaction) => transaction)
    await script.refused('use a transaction after its function has returned', () => kept.query('select 1'), 'TypeError')
  }),
  inHouse('tokens-apart', async (script, house) => {
    for (const seat of ['own', 'tenant', 'workspace', 'user'] as const) {
      const boundary = await house.boundary(house.seats[seat])
      const ids = 'select tenant, workspace, member from wt.application_boundary()'
      const { tenantId, workspaceId, userId } = house.seats[seat]
      await script.see(`${tenantId}/${workspaceId}/${userId} asks SQL who it is`, () => house.sql(boundary, ids), [
        { tenant: tenantId, workspace: workspaceId, member: userId },
      ])
    }
  }),
]
