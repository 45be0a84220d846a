import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openTestDatabase, withClient } from '../support/postgres.ts'
import type { TestDatabase } from '../support/postgres.ts'
import { whenReachable } from '../support/require.ts'

const command = fileURLToPath(new URL('../../bin/watertight.js', import.meta.url))

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command as a shell would, with nothing of this process's own settings. */
function watertight(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const environment = { PATH: process.env['PATH'], NO_COLOR: '1', ...env }
    execFile(process.execPath, [command, ...args], { env: environment }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, stdout, stderr })
    })
  })
}

describe('watertight', () => {
  test('should tell what it can do, command by command', async () => {
    const { code, stdout } = await watertight(['--help'])
    expect(code).toBe(0)
    for (const name of ['migrate', 'protect', 'check']) expect(stdout).toContain(name)
    expect((await watertight(['migrate', '--help'])).stdout).toContain('--app-role')
  })

  test('should tell its version', async () => {
    expect((await watertight(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('should refuse to check a folder that is not there, and make none', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'watertight-cli-'))
    const { code, stdout } = await watertight(['check', '--database', join(parent, 'data'), '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'FOLDER_REFUSED' } })
    expect(await readdir(parent)).toEqual([])
    await rm(parent, { recursive: true })
  })

  test('should end with help and a code of its own on a command that does not exist', async () => {
    const { code, stderr } = await watertight(['open-sesame'])
    expect(code).not.toBe(0)
    expect(stderr).toContain('Usage: watertight')
  })

  test('should print the migration of a table with its names quoted', async () => {
    const { stdout } = await watertight(['protect', 'desk.ticket"; drop table x; --', '--tenant', 'org_id'])
    expect(stdout).toContain('alter table "desk"."ticket""; drop table x; --" force row level security;')
    expect(stdout).toContain('("org_id", "workspace_id", true) =')
  })

  test.each(['a.b.c', '.ticket', 'desk.', ''])('should refuse %j, which names no table', async (table) => {
    const { code, stdout, stderr } = await watertight(['protect', table])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('schema.table')
  })

  test('should refuse an unprotected table without its schema, which would match none', async () => {
    const { code, stderr } = await watertight([
      'check',
      '--database',
      'postgres://nobody@127.0.0.1:1/none',
      '--unprotected',
      'country',
    ])
    expect(code).toBe(2)
    expect(stderr).toContain('say public.country')
  })

  test('should say what to set when no database was named', async () => {
    const { code, stderr } = await watertight(['check'])
    expect(code).toBe(2)
    expect(stderr).toContain('WATERTIGHT_DATABASE')
  })

  test('should refuse a server without keys instead of making some', async () => {
    const { code, stderr } = await watertight(['check', '--database', 'postgres://nobody@127.0.0.1:1/none'])
    expect(code).toBe(1)
    expect(stderr).toContain('WATERTIGHT_KEYS')
  })
})

whenReachable('postgres', () => {
  let database: TestDatabase
  let folder: string
  let keys: string
  beforeAll(async () => {
    database = await openTestDatabase()
    folder = await mkdtemp(join(tmpdir(), 'watertight-cli-'))
  })
  afterAll(async () => {
    await database.drop()
    await rm(folder, { recursive: true, force: true })
  })
  const migrate = (...rest: string[]) => [
    'migrate',
    '--database',
    database.ownerUrl,
    '--app-role',
    database.appRole,
    ...rest,
  ]

  test('should create the schema and print new keys once', async () => {
    const { code, stdout } = await watertight(migrate())
    expect(code).toBe(0)
    keys = /WATERTIGHT_KEYS=(\S+)/.exec(stdout)?.[1] ?? ''
    expect(keys).toMatch(/^1:[\w-]{43}$/)
    expect(stdout).toContain('0001-keys-and-directory.sql')
  })

  test('should not make new keys over those that are in use', async () => {
    const { code, stdout, stderr } = await watertight(migrate())
    expect(code).toBe(1)
    expect(stdout + stderr).not.toContain('WATERTIGHT_KEYS=1')
    expect(stderr).toContain('WATERTIGHT_KEYS')
  })

  test('should find nothing to do the second time', async () => {
    const { code, stdout } = await watertight(migrate('--json'), { WATERTIGHT_KEYS: keys })
    expect(code).toBe(0)
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({ applied: [] })
  })

  test('should say that isolation holds for the app login, and why it does not for the owner', async () => {
    const held = await watertight(['check', '--json'], { WATERTIGHT_KEYS: keys, WATERTIGHT_DATABASE: database.appUrl })
    expect(held.code).toBe(0)
    // What a stock server gives to everybody takes a superuser to change: it is told, and prevents nothing.
    const advice = [
      expect.stringMatching(/^large objects .* revoke execute on function lo_close/),
      expect.stringMatching(/^sessions/),
    ]
    expect(JSON.parse(held.stdout)).toEqual({ ok: true, findings: [], advice })
    const told = await watertight(['check'], { WATERTIGHT_KEYS: keys, WATERTIGHT_DATABASE: database.appUrl })
    expect(told.stdout.trim().split('\n')).toEqual([
      expect.stringContaining('isolation holds'),
      ...advice.map(() => expect.stringContaining('run as superuser: revoke')),
    ])
    const owner = await watertight(['check'], { WATERTIGHT_KEYS: keys, WATERTIGHT_DATABASE: database.ownerUrl })
    expect(owner.code).toBe(1)
    expect(owner.stderr).toContain('owns tables')
  })

  test('should apply the app’s own migrations with the role filled in, and find what they leave open', async () => {
    await writeFile(
      join(folder, '1-note.sql'),
      'create schema desk; grant usage on schema desk to :"app"; create table desk.note (id int primary key); grant select on desk.note to :"app";',
    )
    const { code, stdout } = await watertight(migrate('--migrations', folder), { WATERTIGHT_KEYS: keys })
    expect(code).toBe(0)
    expect(stdout).toContain('1-note.sql')
    expect(stdout).toContain('1 file applied')
    const { stderr } = await watertight(['check'], { WATERTIGHT_KEYS: keys, WATERTIGHT_DATABASE: database.appUrl })
    expect(stderr).toContain('the table desk.note has no forced row security')
    const said = ['check', '--unprotected', 'desk.note']
    expect((await watertight(said, { WATERTIGHT_KEYS: keys, WATERTIGHT_DATABASE: database.appUrl })).code).toBe(0)
  })

  test('should protect a table so that check finds nothing more', async () => {
    const { stdout: sql } = await watertight(['protect', 'desk.note', '--app-role', database.appRole])
    await withClient(database.ownerUrl, async (client) => {
      await client.query('alter table desk.note add tenant_id text collate "C", add workspace_id text collate "C"')
      await client.query(
        'alter table desk.note drop constraint note_pkey, add primary key (tenant_id, workspace_id, id)',
      )
      await client.query(sql)
    })
    const { code } = await watertight(['check'], { WATERTIGHT_KEYS: keys, WATERTIGHT_DATABASE: database.appUrl })
    expect(code).toBe(0)
  })

  test('should tell that it made the app role, which has no password yet', async () => {
    await using empty = await openTestDatabase()
    const role = `${empty.database}_Made`
    const made = await watertight(['migrate', '--database', empty.adminUrl, '--app-role', role])
    expect(made.code).toBe(0)
    expect(made.stdout).toContain(
      `The role ${role} was made, without a password. Set one in psql: \\password "${role}"`,
    )
    const again = await watertight(['migrate', '--database', empty.adminUrl, '--app-role', role], {
      WATERTIGHT_KEYS: /WATERTIGHT_KEYS=(\S+)/.exec(made.stdout)?.[1] ?? '',
    })
    expect(again.code).toBe(0)
    expect(again.stdout).not.toContain('was made')
  })

  test('should refuse keys that are not the database’s', async () => {
    const other = `1:${'A'.repeat(43)}`
    const { code, stderr } = await watertight(['check'], {
      WATERTIGHT_KEYS: other,
      WATERTIGHT_DATABASE: database.appUrl,
    })
    expect(code).toBe(1)
    expect(stderr).toContain('other keys')
  })

  test('should never print a secret in an error', async () => {
    const { stderr } = await watertight(['check'], {
      WATERTIGHT_KEYS: `${keys}x`,
      WATERTIGHT_DATABASE: database.appUrl,
    })
    expect(stderr).not.toContain(keys.slice(2))
  })
})
