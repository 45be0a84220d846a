import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { createRole, dropStale, openTestDatabase, withClient, type TestDatabase } from './postgres.ts'
import { whenReachable } from './require.ts'

whenReachable('postgres', (serverUrl) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await openTestDatabase({ adminUrl: serverUrl })
  })
  afterAll(() => db.drop())

  test('should give an owner and an app login without any attribute or membership', async () => {
    const rows = await select(
      db.adminUrl,
      `select rolname, rolcanlogin as login,
         rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication as privileged,
         exists (select from pg_auth_members where member = r.oid) as member
       from pg_roles r where rolname in ('${db.ownerRole}', '${db.appRole}') order by rolname`,
    )
    const plain = { login: true, privileged: false, member: false }
    expect(rows).toEqual([
      { rolname: db.appRole, ...plain },
      { rolname: db.ownerRole, ...plain },
    ])
  })

  test('should sign in as whom each URL names', async () => {
    const whoami = 'select current_database() as database, session_user::text as role'
    expect(await select(db.ownerUrl, whoami)).toEqual([{ database: db.database, role: db.ownerRole }])
    expect(await select(db.appUrl, whoami)).toEqual([{ database: db.database, role: db.appRole }])
    expect(await select(db.adminUrl, 'select rolsuper from pg_roles where rolname = session_user')).toEqual([
      { rolsuper: true },
    ])
  })

  test('should let the owner create, and the app neither create nor read', async () => {
    await select(db.ownerUrl, 'create table public.note (body text)')
    await expect(select(db.appUrl, 'create table public.other (body text)')).rejects.toMatchObject({ code: '42501' })
    await expect(select(db.appUrl, 'create temporary table other (body text)')).rejects.toMatchObject({ code: '42501' })
    await expect(select(db.appUrl, 'select * from public.note')).rejects.toMatchObject({ code: '42501' })
  })

  test('should create the logins that a server must refuse to run as', async () => {
    const superuser = await createRole(db.adminUrl, { superuser: true })
    const bypass = await createRole(db.adminUrl, { bypassRls: true })
    const member = await createRole(db.adminUrl, { memberOf: [db.ownerRole], inherit: true })
    const mine = 'select rolsuper, rolbypassrls, rolinherit from pg_roles where rolname = session_user'
    expect(await select(superuser.url, mine)).toEqual([{ rolsuper: true, rolbypassrls: false, rolinherit: false }])
    expect(await select(bypass.url, mine)).toEqual([{ rolsuper: false, rolbypassrls: true, rolinherit: false }])
    expect(await select(member.url, mine)).toEqual([{ rolsuper: false, rolbypassrls: false, rolinherit: true }])
    expect(await select(member.url, `select pg_has_role('${db.ownerRole}', 'usage') as owner`)).toEqual([
      { owner: true },
    ])
  })

  test('should drop under open sessions, with every role, and again', async () => {
    const doomed = await openTestDatabase({ adminUrl: serverUrl })
    const extra = await createRole(doomed.adminUrl, {})
    await select(doomed.adminUrl, `create table kept (body text); grant select on kept to ${extra.role}`)
    await withClient(doomed.appUrl, async (client) => {
      const broken = once(client, 'error')
      await client.query('begin')
      await doomed.drop()
      await doomed.drop()
      expect(await broken).toHaveLength(1)
    })
    const left = `select datname as name from pg_database where starts_with(datname, '${doomed.database}')
                  union all select rolname from pg_roles where starts_with(rolname, '${doomed.database}')`
    expect(await select(serverUrl, left)).toEqual([])
  })

  test('should drop what a dead process left an hour ago, and nothing younger or alive', async () => {
    const dead = await idOfEndedProcess()
    const [hoursAgo, now] = [Date.now() / 1000 - 7200, Date.now() / 1000].map((second) =>
      Math.floor(second).toString(36),
    )
    const stale = `wt_test_${dead}_${hoursAgo}_00000001`
    const staleRole = `wt_test_${dead}_${hoursAgo}_00000002_app`
    const young = `wt_test_${dead}_${now}_00000003_app`
    const alive = `wt_test_${process.pid}_${hoursAgo}_00000004_app`
    await select(serverUrl, `create database ${stale} template template0`)
    for (const role of [staleRole, young, alive]) await select(serverUrl, `create role ${role}`)

    expect(await dropStale({ adminUrl: serverUrl })).toEqual(
      expect.arrayContaining([stale, staleRole.replace('_app', '')]),
    )
    expect(await select(serverUrl, `select from pg_database where datname = '${stale}'`)).toEqual([])
    expect(
      await select(
        serverUrl,
        `select rolname from pg_roles where rolname in ('${staleRole}', '${young}', '${alive}') order by rolname`,
      ),
    ).toEqual([young, alive].toSorted().map((rolname) => ({ rolname })))
    await select(serverUrl, `drop role ${young}, ${alive}`)
  })
})

async function select(url: string, sql: string): Promise<unknown[]> {
  return await withClient(url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows)
}

async function idOfEndedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'close')
  if (child.pid === undefined) throw new Error('The process did not start.')
  return child.pid
}
