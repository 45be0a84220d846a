import type { Authority } from '../../boundary/index.ts'
import { BoundaryRefused, Forbidden, KeysRefused, Refusal, ServeRefused } from '../../errors.ts'
import type { Engine, Row } from '../client.ts'
import { learnClock } from '../learn-clock.ts'
import { latestVersion } from '../read-migrations.ts'
import { operate } from '../operator.ts'
import { toStoreRefusal } from '../refusal.ts'
import type { TokenMint } from '../token.ts'
import { serverAdvice } from './advice.ts'
import { describeGuard, judgeSchema } from './guard.ts'
import { inspecting } from './inspecting.ts'
import { describeKeys, judgeKeys } from './keys.ts'
import { loginFindings } from './login.ts'
import { reachFindings } from './reach.ts'
import { describeRelations, judgeRelations } from './relations.ts'
import { findServer, isPoolersRefusal, poolerFound } from './server.ts'
import { describeSettings, judgeSettings } from './settings.ts'
import { adviseOnStatistics } from './statistics.ts'

export interface PreflightOptions {
  /** tables that this login may read without row security because they hold nobody's data, as `schema.table` */
  readonly unprotectedTables: readonly string[]
}

/**
 * Asks the database whether isolation would hold for this login, and refuses to serve if not. Runs on the very pool
 * that will serve: what matters is what this login may do, not what a document says of it.
 *
 * @returns advice: what a start does not refuse, and would better be mended
 * @throws {ServeRefused} `SERVE_REFUSED` with one finding for each thing to mend
 * @throws {KeysRefused} `KEYS_REFUSED` when the database does not know the signing key
 */
export async function preflight(
  engine: Engine,
  mint: TokenMint,
  authority: Authority,
  options: PreflightOptions,
): Promise<readonly string[]> {
  const { schema, others, advice } = await inspect(engine, options)
  // A schema of another version differs in most things: that is one finding, and not a hundred.
  const version = schema.length > 0 ? await findOtherVersion(engine, mint) : []
  const findings = [...others, ...(version.length > 0 ? version : schema)]
  if (findings.length > 0) throw new ServeRefused(findings)
  await checkKeysSchemaAndClock(engine, mint, authority)
  return advice
}

interface Inspected {
  /** what of the schema `wt` is not as the migrations of this version make it */
  readonly schema: readonly string[]
  readonly others: readonly string[]
  readonly advice: readonly string[]
}

async function inspect(engine: Engine, options: PreflightOptions): Promise<Inspected> {
  try {
    return await inspecting(engine, async (ask, client) => {
      // Sent at once: on a pipelined connection they travel in one flight.
      const [server, login, reach, relations, keys, settings, schema, advice] = await Promise.all([
        findServer(engine, client, ask),
        ask(loginFindings(engine)),
        ask(reachFindings(engine)),
        ask(describeRelations(engine)),
        ask(describeKeys(engine)),
        ask(describeSettings(engine)),
        ask(describeGuard(engine)),
        ask(serverAdvice(engine)),
      ])
      // What the wrong login can reach says nothing of what the right one could.
      if (login.some((row) => row['wrong'] === true))
        return { schema: [], others: [...server, ...told(login)], advice: [] }
      const judged = judgeRelations(relations, options.unprotectedTables)
      const judgedKeys = judgeKeys(keys, relations)
      return {
        schema: judgeSchema(schema).filter((finding) => !isTold(finding, judged)),
        others: [
          ...server,
          ...told(login),
          ...judged,
          ...judgedKeys.findings,
          ...told(reach),
          ...judgeSettings(settings),
        ],
        advice: [...judgedKeys.advice, ...adviseOnStatistics(relations), ...told(advice)],
      }
    })
  } catch (error) {
    if (isPoolersRefusal(error)) throw new ServeRefused([poolerFound])
    throw toStoreRefusal(error)
  }
}

function told(rows: readonly Row[]): readonly string[] {
  return rows.map((row) => String(row['told']))
}

// A table whose defect was named needs no second finding that it, or what is granted on it, is not as it was.
function isTold(finding: string, relations: readonly string[]): boolean {
  const [, table] = /^the (?:table|grant of \w+ on (?:table|column)) (wt\.\w+)/.exec(finding) ?? []
  return table !== undefined && relations.some((other) => other.split(/[\s,;]/).includes(table))
}

async function findOtherVersion(engine: Engine, mint: TokenMint): Promise<readonly string[]> {
  const [row] = await operate(engine, mint, 'operator_ping', []).catch(() => [])
  return row === undefined ? [] : await judgeVersion(row)
}

async function judgeVersion(row: Row): Promise<readonly string[]> {
  const [found, version] = [Number(row['schema_version']), await latestVersion()]
  if (found < version) return ['the schema is older than this version; run: watertight migrate']
  // Nobody here knows what a later version made of the guard.
  if (found > version) return ['the schema is newer than this version; deploy the version that migrated it']
  return []
}

async function checkKeysSchemaAndClock(engine: Engine, mint: TokenMint, authority: Authority): Promise<void> {
  const sentAt = Date.now()
  const row = await ping(engine, mint)
  const findings = await judgeVersion(row)
  if (findings.length > 0) throw new ServeRefused(findings)
  learnClock(authority, row['now_ms'], sentAt)
}

async function ping(engine: Engine, mint: TokenMint): Promise<Row> {
  try {
    const [row] = await operate(engine, mint, 'operator_ping', [])
    return row ?? {}
  } catch (error) {
    if (error instanceof Forbidden)
      throw new ServeRefused(['the database was migrated for another application role than this login'])
    if (!(error instanceof BoundaryRefused)) throw error instanceof Refusal ? error : toStoreRefusal(error)
    throw new KeysRefused(
      'the database was set up under other keys',
      'Use the keys that `watertight migrate` installed.',
      { cause: error },
    )
  }
}
