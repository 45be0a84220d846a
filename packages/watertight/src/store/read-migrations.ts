import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { ServeRefused } from '../errors.ts'

export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
  readonly sha256: string
}

const ownFolder = fileURLToPath(new URL('./migrations/', import.meta.url))

/** The app's files are counted from here, so that both kinds share one table and neither blocks the other's numbers. */
const applicationBase = 1_000_000

/** The version is an `int` of the database: nine digits and the base fit. */
const numbered = /^\d{1,9}-.+\.sql$/

/**
 * Reads our files, then those of the app, each in the order of their numbers.
 *
 * @throws {ServeRefused} when a `*.sql` has no number, or two files of a folder have the same one
 */
export async function readMigrations(applicationFolder: string | undefined): Promise<readonly Migration[]> {
  const own = await readFolder(ownFolder, 0)
  return applicationFolder === undefined ? own : [...own, ...(await readFolder(applicationFolder, applicationBase))]
}

/** The version of the newest file of our own: what a server asks of its database. */
export async function latestVersion(): Promise<number> {
  const migrations = await readFolder(ownFolder, 0)
  return Math.max(...migrations.map((migration) => migration.version))
}

async function readFolder(folder: string, base: number): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => /\.sql$/i.test(name))
  requireNumbers(names)
  // By number, not by text, in which 10 comes before 2.
  const inOrder = names.toSorted((one, other) => numberOf(one) - numberOf(other))
  return await Promise.all(
    inOrder.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8')
      return { version: base + numberOf(name), name, sql, sha256: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

function numberOf(name: string): number {
  return Number.parseInt(name, 10)
}

// A file that was passed over in silence may be the one that puts a table under row security.
function requireNumbers(names: readonly string[]): void {
  const findings = names
    .filter((name) => !numbered.test(name))
    .toSorted()
    .map(
      (name) => `the migration ${name} is not named as 1-name.sql is, with a number of at most nine digits; rename it`,
    )
  const first = new Map<number, string>()
  for (const name of names.filter((one) => numbered.test(one)).toSorted()) {
    const other = first.get(numberOf(name))
    if (other === undefined) first.set(numberOf(name), name)
    else findings.push(`the migrations ${other} and ${name} have the same number`)
  }
  if (findings.length > 0) throw new ServeRefused(findings, 'migrate')
}
