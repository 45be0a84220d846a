import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { Keyring } from '../../src/boundary/index.ts'
import { EvidenceRefused, InvalidInput, NotFound, narrow } from '../../src/index.ts'
import type { AuditSink, Compartment, LoggedEvent } from '../../src/index.ts'
import { memory } from '../../src/surfaces/memory/index.ts'
import { lexicalEmbedder, retrieval } from '../../src/surfaces/retrieval/index.ts'
import { openDesks } from '../support/desks.ts'
import type { Desks, Seat } from '../support/desks.ts'
import { onEachEngine } from '../support/engines.ts'

const surfaces = [memory(), retrieval({ embedder: lexicalEmbedder() })] as const
type Desk = Compartment<typeof surfaces>

const named = { agent: 'renewals', promptVersion: 'tenant-agent-v4' }

onEachEngine((create) => {
  let desks: Desks<typeof surfaces>

  beforeAll(async () => {
    desks = await openDesks(await create(), { surfaces, tools: ['read-ticket'] })
  })
  afterAll(async () => await desks[Symbol.asyncDispose]())

  const eventsOf = (tenantId: string) =>
    desks.admin(
      `select e.event, e.decision, e.reason, e.surface, e.trace_id, t.external_id as tenant_id, w.external_id as workspace_id, m.subject as user_id,
         e.agent_run_id, e.prompt_version, e.retrieval_namespace, e.tool_ids, e.datasource_ids, e.blocked_cross_boundary_resources, e.detail
       from wt.audit_event e join wt.tenant t on t.id = e.tenant_id join wt.workspace w on w.id = e.workspace_id
       join wt.member m on m.id = e.member_id where t.external_id = $1 order by e.at, age(e.xmin) desc, e.position`,
      [tenantId],
    )
  const document = (documentId: string, text: string) => ({ datasourceId: 'docs', documentId, title: documentId, text })

  test('should record each decision with the nine fields, and metadata only', async () => {
    const tenantId = 'acme%2Deu'
    const boundary = await desks.watertight.boundary(
      await desks.watertight.identify({ tenantId, userId: (await desks.boundary({ tenantId })).userId }),
      {
        workspaceId: 'ws',
        traceId: 'trace-1',
      },
    )
    const desk = desks.watertight.within(boundary)
    const member = await desks.at({ tenantId, userId: 'u2', role: 'viewer' })
    await desk.memory.set('plan', 'content-of-memory')
    await desk.memory.get('plan')
    await desk.memory.get('unknown-key')
    await desk.memory.list()
    await desk.memory.delete('unknown-key')
    await expect(desk.memory.set('plan', 1n as never)).rejects.toThrow(InvalidInput)
    await expect(member.memory.set('x', 1, { scope: 'tenant' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await desk.retrieval.add(document('d', 'content-of-document'))
    await desk.retrieval.search('content-of-question')
    await desk.retrieval.delete({ datasourceId: 'docs', documentId: 'unknown-document' })
    await expect(desk.retrieval.search('x', { datasources: ['unknown-datasource'] })).rejects.toThrow(NotFound)
    await expect(desk.explain('00000000-0000-4000-8000-000000000000')).rejects.toThrow(NotFound)
    const run = await desk.startRun(named)
    await run.memory.get('plan')
    await run.retrieval.search('content-of-question', { datasources: ['docs'] })
    await run.state.set('note', 'content-of-state')
    await run.memory.promote((await run.state.get('note')) ?? {}, { key: 'kept' })
    await run.state.delete('note')
    await run.context.add((await run.memory.get('kept')) ?? {})
    await run.end()
    await desk.explain(run.id)
    await desk.retrieval.delete({ datasourceId: 'docs', documentId: 'd' })
    await desk.memory.delete('plan')
    await desk.transact((transaction) => transaction.query("select 'content-of-sql'"))
    await Array.fromAsync(desk.export())
    await desk.erase()

    const events = await eventsOf(tenantId)
    const namespace = 'acme%252Deu/ws'
    const own = {
      trace_id: 'trace-1',
      tenant_id: tenantId,
      workspace_id: 'ws',
      user_id: 'u',
      decision: 'allowed',
      reason: null,
      tool_ids: [],
      datasource_ids: [],
      blocked_cross_boundary_resources: 0,
    }
    const outside = { ...own, agent_run_id: null, prompt_version: null }
    const inside = { ...own, agent_run_id: run.id, prompt_version: 'tenant-agent-v4' }
    const refused = { ...outside, decision: 'refused' }
    const of = (surface: string) => ({ surface, retrieval_namespace: surface === 'retrieval' ? namespace : null })
    const memoryKeys = (keys: readonly string[]) => ({ ...of('memory'), detail: { scope: 'user', keys } })
    const missed = { event: 'memory-missed', ...outside, ...of('memory'), detail: { scope: 'user' } }
    const documents = [{ datasourceId: 'docs', documentId: 'd' }]
    const permitted = {
      agent: 'renewals',
      role: 'owner',
      plan: 'pro',
      region: 'us',
      allowedToolIds: ['read-ticket'],
      allowedDatasourceIds: ['docs', 'docs2'],
    }
    expect(events).toEqual([
      { event: 'memory-written', ...outside, ...memoryKeys(['plan']) },
      { event: 'memory-read', ...outside, ...memoryKeys(['plan']) },
      missed,
      { event: 'memory-listed', ...outside, ...memoryKeys(['plan']) },
      missed,
      { event: 'input-refused', ...refused, ...of('memory'), reason: 'invalid_input', detail: {} },
      {
        event: 'role-insufficient',
        ...refused,
        ...of('memory'),
        trace_id: expect.any(String),
        user_id: 'u2',
        reason: 'needs-owner',
        detail: { scope: 'tenant' },
      },
      {
        event: 'document-added',
        ...outside,
        ...of('retrieval'),
        datasource_ids: ['docs'],
        detail: { documents, chunks: 1 },
      },
      {
        event: 'documents-searched',
        ...outside,
        ...of('retrieval'),
        datasource_ids: ['docs', 'docs2'],
        detail: { documents },
      },
      { event: 'document-missed', ...outside, ...of('retrieval'), datasource_ids: ['docs'], detail: {} },
      {
        event: 'resource-outside-boundary',
        ...refused,
        ...of('retrieval'),
        reason: 'datasource',
        blocked_cross_boundary_resources: 1,
        detail: {},
      },
      {
        event: 'resource-outside-boundary',
        ...refused,
        ...of('compartment'),
        reason: 'run',
        blocked_cross_boundary_resources: 1,
        detail: {},
      },
      { event: 'run-started', ...inside, ...of('runs'), detail: permitted },
      { event: 'memory-read', ...inside, ...memoryKeys(['plan']) },
      { event: 'documents-searched', ...inside, ...of('retrieval'), datasource_ids: ['docs'], detail: { documents } },
      { event: 'state-written', ...inside, ...of('runs'), detail: { keys: ['note'] } },
      {
        event: 'memory-promoted',
        ...inside,
        ...of('memory'),
        detail: { scope: 'user', keys: ['kept'], from: { surface: 'runs', id: 'note' } },
      },
      { event: 'state-deleted', ...inside, ...of('runs'), detail: { keys: ['note'] } },
      { event: 'memory-read', ...inside, ...memoryKeys(['kept']) },
      { event: 'context-added', ...inside, ...of('runs'), detail: { items: [{ surface: 'memory', id: 'kept' }] } },
      { event: 'run-ended', ...inside, ...of('runs'), detail: {} },
      { event: 'run-explained', ...outside, ...of('compartment'), detail: { runId: run.id } },
      { event: 'document-deleted', ...outside, ...of('retrieval'), datasource_ids: ['docs'], detail: { documents } },
      { event: 'memory-deleted', ...outside, ...memoryKeys(['plan']) },
      { event: 'transaction-run', ...outside, ...of('compartment'), detail: {} },
      { event: 'compartment-exported', ...outside, ...of('compartment'), detail: {} },
      { event: 'memory-listed', ...outside, ...memoryKeys(['kept']) },
      { event: 'memory-listed', ...outside, ...memoryKeys([]) },
      { event: 'compartment-erased', ...outside, ...of('compartment'), detail: {} },
      { event: 'memory-listed', ...outside, ...memoryKeys(['kept']) },
      { event: 'memory-deleted', ...outside, ...memoryKeys(['kept']) },
      { event: 'memory-listed', ...outside, ...memoryKeys([]) },
    ])
    expect(JSON.stringify(events)).not.toMatch(/content-of|unknown-/)
  })

  test('should be append-only for the application, and closed to events of others', async () => {
    const [desk, twin] = [await desks.at({ tenantId: 'acme' }), await desks.at({ tenantId: 'acme2' })]
    await desk.memory.set('k', 1)
    await twin.memory.set('k', 1)
    const count = async (tenantId: string) =>
      (await eventsOf(tenantId)).filter(({ event }) => event === 'memory-written').length
    const before = await count('acme')
    for (const sql of [
      "update wt.audit_event set event = 'nothing'",
      'delete from wt.audit_event',
      'truncate wt.audit_event',
      'alter table wt.audit_event disable row level security',
      'drop table wt.audit_event',
    ])
      await expect(
        desk.transact((transaction) => transaction.query(sql)),
        sql,
      ).rejects.toThrow(Error)
    const [row] = await desks.admin(
      "select t.id, w.id as workspace_id, m.id as member_id from wt.tenant t join wt.workspace w on w.tenant_id = t.id and w.external_id = 'ws' join wt.member m on m.workspace_id = w.id and m.subject = 'u' where t.external_id = 'acme2'",
    )
    const forge = (columns: string, values: readonly unknown[]) =>
      desk.transact((transaction) =>
        transaction.query(
          `insert into wt.audit_event (position, event, decision, surface, trace_id, tool_ids, datasource_ids, blocked_cross_boundary_resources, detail${columns}) values (1, 'memory-written', 'allowed', 'memory', 't', '{}', '{}', 0, '{}'${values.map((_, at) => `, $${at + 1}`).join('')})`,
          values,
        ),
      )
    await expect(
      forge(', tenant_id, workspace_id, member_id', [row?.['id'], row?.['workspace_id'], row?.['member_id']]),
    ).rejects.toThrow(Error)
    await expect(forge(', member_id', [row?.['member_id']])).rejects.toThrow(Error)
    expect(await count('acme')).toBe(before)
    expect(await count('acme2')).toBe(1)
  })

  describe('explain()', () => {
    const tenantId = 'a:b'

    async function work(desk: Desk) {
      await desk.retrieval.add(document('contract', 'The renewal is in May.'))
      await desk.memory.set('format', 'tables')
      await desk.memory.set('house', 'rule', { scope: 'workspace' })
      const run = await desk.startRun(named)
      const [item] = await run.memory.list()
      await run.memory.get('format')
      await run.memory.get('house', { scope: 'workspace' })
      const [hit] = await run.retrieval.search('renewal', { limit: 1 })
      await run.context.add(item ?? {}, hit ?? {})
      await run.memory.promote(hit ?? {}, { key: 'learned' })
      await run.end()
      return run
    }

    test('should tell which keys, documents and permissions a run used', async () => {
      const desk = await desks.at({ tenantId })
      const run = await work(desk)
      expect(await desk.explain(run.id)).toEqual({
        runId: run.id,
        traceId: desk.boundary.traceId,
        userId: 'u',
        promptVersion: 'tenant-agent-v4',
        startedAt: expect.any(Date),
        endedAt: expect.any(Date),
        permissions: {
          agent: 'renewals',
          role: 'owner',
          plan: 'pro',
          region: 'us',
          allowedToolIds: ['read-ticket'],
          allowedDatasourceIds: ['docs', 'docs2'],
        },
        memory: [
          { scope: 'user', key: 'format', how: 'listed' },
          { scope: 'user', key: 'format', how: 'read' },
          { scope: 'workspace', key: 'house', how: 'read' },
          { scope: 'user', key: 'learned', how: 'promoted' },
        ],
        documents: [{ datasourceId: 'docs', documentId: 'contract' }],
        tools: [],
        context: [
          { surface: 'memory', id: 'format' },
          { surface: 'retrieval', id: 'docs/contract' },
        ],
        refused: [],
        blockedCrossBoundaryResources: 0,
      })
    })

    test('should tell a run narrowed to less what it was permitted, not what its owner is', async () => {
      const boundary = narrow(await desks.boundary({ tenantId }), { tools: [], datasources: ['docs'], role: 'viewer' })
      const desk = desks.watertight.within(boundary)
      await using run = await desk.startRun(named)
      expect((await desk.explain(run.id)).permissions).toMatchObject({
        role: 'viewer',
        allowedToolIds: [],
        allowedDatasourceIds: ['docs'],
      })
    })

    test('should answer its owner and the workspace’s admins, and refuse everybody else alike', async () => {
      const run = await work(await desks.at({ tenantId, userId: 'u2', role: 'admin' }))
      const own = await (await desks.at({ tenantId, userId: 'u2', role: 'viewer' })).explain(run.id)
      for (const role of ['admin', 'owner']) {
        const explained = await (await desks.at({ tenantId, userId: 'u', role })).explain(run.id)
        expect(explained).toEqual(own)
      }
      const strangers: readonly Seat[] = [
        { tenantId, userId: 'u', role: 'member' },
        { tenantId, userId: 'u', role: 'viewer' },
        { tenantId, userId: 'u', role: 'superadmin' },
        { tenantId, userId: 'u', workspaceId: 'ws2', role: 'admin' },
        { tenantId, userId: 'u2', workspaceId: 'ws2', role: 'owner' }, // the same person in the sibling workspace
        { tenantId: 'acme', userId: 'u2', role: 'owner' },
        { tenantId: 'a:b ', userId: 'u2', role: 'owner' },
      ]
      await desks.watertight.directory.putTenant({ tenantId: 'a:b ', plan: 'pro', region: 'us' })
      await desks.watertight.directory.putWorkspace({ tenantId: 'a:b ', workspaceId: 'ws' })
      for (const seat of strangers) {
        const desk = await desks.at({ ...seat, allowedDatasourceIds: [] })
        const before = (await eventsOf(seat.tenantId ?? '')).length
        const refusals: unknown[] = []
        for (const id of [
          run.id,
          '00000000-0000-4000-8000-000000000000',
          run.id.toUpperCase(),
          `${run.id} `,
          'x',
          "' or true --",
        ])
          refusals.push(await desk.explain(id).catch((error: unknown) => error))
        expect(refusals.every((error) => error instanceof NotFound)).toBe(true)
        expect(new Set(refusals.map((error) => JSON.stringify(error))).size).toBe(1)
        const events = (await eventsOf(seat.tenantId ?? '')).slice(before)
        expect(events).toHaveLength(6)
        expect(new Set(events.map((event) => JSON.stringify(event))).size).toBe(1)
        expect(JSON.stringify(events)).not.toContain(run.id)
      }
    })

    test('should hold nothing of the twin after its ids were tried on every surface, nor does the whole log', async () => {
      const secret = 'twinid9c41'
      const [twin, sibling] = [
        await desks.at({ tenantId: 'acme-eu' }),
        await desks.at({ tenantId: 'acme_', workspaceId: 'ws2' }),
      ]
      for (const other of [twin, sibling]) {
        await other.memory.set(`${secret}-key`, `canary-${secret}`)
        await other.retrieval.add(document(`${secret}-document`, `canary-${secret}`))
      }
      const theirs = await twin.startRun(named)
      await theirs.state.set(`${secret}-state`, `canary-${secret}`)
      const attacker = await desks.at({ tenantId: 'acme_', role: 'owner' })
      const run = await attacker.startRun(named)
      const tries = [
        () => run.memory.get(`${secret}-key`),
        () => run.memory.get(`${secret}-key`, { scope: 'workspace' }),
        () => run.memory.list({ after: `${secret}-ke` }),
        () => attacker.memory.delete(`${secret}-key`),
        () => run.state.get(`${secret}-state`),
        () => run.state.delete(`${secret}-state`),
        () => run.retrieval.search(`canary ${secret}`),
        () => run.retrieval.search(`canary ${secret}`, { datasources: [`${secret}-datasource`] }),
        () => attacker.retrieval.delete({ datasourceId: 'docs', documentId: `${secret}-document` }),
        () => attacker.retrieval.delete({ datasourceId: `${secret}-datasource`, documentId: `${secret}-document` }),
        () => attacker.explain(theirs.id),
        async () => run.context.add((await twin.memory.get(`${secret}-key`)) ?? {}),
        async () => run.memory.promote((await theirs.state.get(`${secret}-state`)) ?? {}, { key: 'stolen' }),
        async () => run.memory.promote((await sibling.memory.get(`${secret}-key`)) ?? {}, { key: 'stolen' }),
      ]
      const answers = []
      for (const attempt of tries) answers.push(await attempt().catch((error: unknown) => error))
      expect(JSON.stringify(answers)).not.toContain(secret)
      await run.end()
      const explained = await attacker.explain(run.id)
      expect(JSON.stringify(explained)).not.toContain(secret)
      expect(explained.blockedCrossBoundaryResources).toBe(4)
      expect(explained.refused).toEqual([
        { event: 'resource-outside-boundary', surface: 'retrieval', count: 1 },
        { event: 'resource-outside-boundary', surface: 'runs', count: 1 },
        { event: 'resource-outside-boundary', surface: 'memory', count: 2 },
      ])
      const log = await desks.admin(
        "select to_json(e)::text as row from wt.audit_event e join wt.tenant t on t.id = e.tenant_id join wt.workspace w on w.id = e.workspace_id where t.external_id = 'acme_' and w.external_id = 'ws'",
      )
      expect(log.length).toBeGreaterThan(10)
      expect(log.filter(({ row }) => String(row).includes(secret))).toEqual([])
      expect(log.filter(({ row }) => String(row).includes(theirs.id))).toEqual([])
      // Contents are in no row of anybody: keys of one's own are.
      const everything = await desks.admin('select to_json(e)::text as row from wt.audit_event e')
      expect(everything.filter(({ row }) => String(row).includes('canary'))).toEqual([])
      expect(everything.filter(({ row }) => String(row).includes(secret)).length).toBeGreaterThan(0)
      await theirs.end()
    })
  })

  test('should let nothing leave a run before its reads are durable, and lose none to a failed effect', async () => {
    const desk = await desks.at({ tenantId: 'ACME' })
    await desk.memory.set('a', 1)
    await using run = await desk.startRun(named)
    const durable = async () =>
      (
        await desks.admin(
          "select event from wt.audit_event where agent_run_id = $1 and event <> 'run-started' order by at, age(xmin) desc, position",
          [run.id],
        )
      ).map(({ event }) => event)
    await run.memory.get('a')
    await run.memory.get('missing')
    expect(await durable()).toEqual([])
    await desks.admin("alter table wt.audit_event add constraint no_state check (event <> 'state-written') not valid")
    try {
      await expect(run.state.set('k', 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
      expect(await durable()).toEqual([])
    } finally {
      await desks.admin('alter table wt.audit_event drop constraint no_state')
    }
    await run.state.set('k', 1) // the effect and the reads before it, in one transaction
    expect(await durable()).toEqual(['memory-read', 'memory-missed', 'state-written'])
  })

  test('should tell what a run read in the order in which it did, also where the clock stands still between', async () => {
    const desk = await desks.at({ tenantId: 'ACME' })
    const keys = Array.from({ length: 6 }, (_, at) => `in-order-${at}`)
    for (const key of keys) await desk.memory.set(key, 1)
    await using run = await desk.startRun(named)
    await desks.admin("alter table wt.audit_event alter at set default timestamptz '2100-01-01'")
    try {
      // Batches of two reads and of one, in turns: told by their positions alone, they would be interleaved.
      for (const [at, key] of keys.entries()) {
        await run.memory.get(key)
        if (at % 3 > 0) await run.context.add()
      }
    } finally {
      await desks.admin('alter table wt.audit_event alter at set default clock_timestamp()')
    }
    expect((await desk.explain(run.id)).memory.map(({ key }) => key)).toEqual(keys)
  })

  test('should give and take no more than the person’s own by export() and erase()', async () => {
    const [mine, colleague] = [
      await desks.at({ tenantId: 'acme ' }),
      await desks.at({ tenantId: 'acme ', userId: 'u2' }),
    ]
    const twin = await desks.at({ tenantId: 'acme' })
    for (const [desk, canary] of [
      [mine, 'mine'],
      [colleague, 'colleague'],
      [twin, 'twin'],
    ] as const) {
      await desk.memory.set('k', canary)
      await desk.retrieval.add(document(`of-${canary}`, canary))
    }
    const limited = await desks.at({
      tenantId: 'acme ',
      userId: 'limited',
      role: 'member',
      allowedDatasourceIds: ['docs2'],
    })
    expect(await Array.fromAsync(limited.export())).toEqual([])
    expect(await Array.fromAsync(mine.export())).toEqual([
      { surface: 'memory', kind: 'user', id: 'k', value: 'mine' },
      ...['of-colleague', 'of-mine'].map((id) => ({
        surface: 'retrieval',
        kind: 'document',
        id,
        value: { datasourceId: 'docs', title: id },
      })),
    ])
    const before = (await eventsOf('acme ')).length
    expect(await mine.erase()).toBe(1)
    expect((await colleague.memory.get('k'))?.value).toBe('colleague')
    expect((await twin.memory.get('k'))?.value).toBe('twin')
    expect(await mine.retrieval.search('colleague')).toHaveLength(2)
    expect((await eventsOf('acme ')).length).toBeGreaterThan(before) // evidence stays
  })
})

describe('a log of the app’s own that answers with somebody else’s events', () => {
  const runId = '11111111-1111-4111-8111-111111111111'
  const event: LoggedEvent = {
    at: new Date(),
    event: 'run-started',
    decision: 'allowed',
    surface: 'runs',
    reason: null,
    trace_id: 't',
    tenant_id: 'acme',
    workspace_id: 'ws',
    user_id: 'u',
    agent_run_id: runId,
    prompt_version: 'v',
    policy_hash: '',
    retrieval_namespace: null,
    tool_ids: [],
    datasource_ids: [],
    blocked_cross_boundary_resources: 0,
    detail: { agent: 'canary' },
  }
  const answer = { events: [event] }
  const audit: AuditSink = { append: async () => undefined, ofRun: async () => answer.events }
  let desks: Desks<typeof surfaces>
  beforeAll(async () => {
    desks = await openDesks({ database: 'memory://', keys: Keyring.generate() }, { surfaces, tenants: ['acme'], audit })
  })
  afterAll(async () => await desks[Symbol.asyncDispose]())

  const foreign: readonly (readonly [string, Partial<LoggedEvent>])[] = [
    ['another tenant', { tenant_id: 'acme2' }],
    ['another workspace', { workspace_id: 'ws2' }],
    ['another user', { user_id: 'u2' }],
    ['another run', { agent_run_id: '22222222-2222-4222-8222-222222222222' }],
    ['no run', { agent_run_id: null }],
  ]
  test.for(foreign)('should not explain by an event of %s', async ([, more]) => {
    const desk = await desks.at({ role: 'member' })
    answer.events = [event]
    expect((await desk.explain(runId)).permissions).toEqual({ agent: 'canary' })
    for (const events of [[{ ...event, ...more }], [event, { ...event, ...more, event: 'memory-read' as const }]]) {
      answer.events = events
      await expect(desk.explain(runId)).rejects.toThrow(NotFound)
    }
  })

  test('should explain another’s run to an admin of the workspace', async () => {
    answer.events = [{ ...event, user_id: 'u2' }]
    expect((await (await desks.at({ role: 'admin' })).explain(runId)).userId).toBe('u2')
  })

  test('should refuse when it cannot be asked', async () => {
    const failing: AuditSink = { append: async () => Promise.reject(new Error('away')), ofRun: async () => [event] }
    await using closed = await openDesks(
      { database: 'memory://', keys: Keyring.generate() },
      { surfaces, tenants: ['acme'], audit: failing },
    )
    await expect((await closed.at()).explain(runId)).rejects.toThrow(EvidenceRefused)
  })
})
