import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openWatertight, session } from 'watertight'
import { expect, test } from 'vitest'

async function withFiles<Result>(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'watertight-migrations-'))
  try {
    for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql)
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

// On the embedded database, which migrates at every opening.
async function open(applicationMigrations: string): Promise<void> {
  const options = { database: 'memory://', identity: session(), surfaces: [], applicationMigrations }
  await (await openWatertight(options)).close()
}

test('should apply the files of an app in the order of their numbers', async () => {
  const files = {
    '2-note.sql': 'create table desk.note (id int primary key);',
    '10-more.sql': 'alter table desk.note add body text;',
    '1-desk.sql': 'create schema desk;',
    'README.md': 'notes of the app',
  }
  await expect(withFiles(files, open)).resolves.toBeUndefined()
})

test('should refuse what it would have passed over, and two files of one number, and name each', async () => {
  const unnumbered = ['1-note.SQL', '1_note.sql', '20261125103000-note.sql', '4-.sql', 'V3-note.sql', 'note.sql']
  const names = [...unnumbered, '1-desk.sql', '001-note.sql', '2-kept.sql']
  const files = Object.fromEntries(names.map((name) => [name, 'create schema desk;']))
  await expect(withFiles(files, open)).rejects.toMatchObject({
    code: 'SERVE_REFUSED',
    findings: [
      ...unnumbered.map((name) => expect.stringContaining(`the migration ${name} is not named as 1-name.sql is`)),
      'the migrations 001-note.sql and 1-desk.sql have the same number',
    ],
    message: expect.stringMatching(/^Watertight refuses to migrate: /),
  })
})

test('should name the file that fails, with what the database said as the cause', async () => {
  const files = { '1-desk.sql': 'create schema desk;', '2-note.sql': 'alter table desk.absent add body text;' }
  await expect(withFiles(files, open)).rejects.toMatchObject({
    message: expect.stringMatching(/^The migration 2-note\.sql failed, .*"desk\.absent" does not exist/),
    cause: expect.objectContaining({ code: '42P01' }),
  })
})
