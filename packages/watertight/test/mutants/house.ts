import { randomInt } from 'node:crypto'

import { Keyring } from '../../src/boundary/index.ts'
import type { AgentBoundary } from '../../src/index.ts'
import type { Surface, WatertightOptions } from '../../src/index.ts'
import { openDesks } from '../support/desks.ts'

/** The keys of every database that mutants are judged on. */
const keys = `1:${Buffer.alloc(32, 7).toString('base64url')}`

/** Ids of one house that look alike. No other house has them, so that several may stand on one database. */
interface Names {
  readonly own: string
  readonly twin: string
}

/**
 * Opens a Watertight with two look-alike tenants, `ws` and `ws2` in each, and members as they are asked for.
 *
 * @param options surfaces, and what else `openWatertight` takes
 */
export async function openHouse<const Registered extends readonly Surface[]>(
  options: { readonly surfaces: Registered; readonly tools?: readonly string[] } & Pick<
    WatertightOptions<never, Registered>,
    'audit' | 'applicationMigrations' | 'policy'
  >,
) {
  const own = `acme${randomInt(1_000_000_000)}`
  const names: Names = { own, twin: `${own}-eu` }
  const desks = await openDesks({ database: 'memory://', keys }, { ...options, tenants: [names.own, names.twin] })
  const seat = (tenantId: string, workspaceId: string, userId: string) => ({ tenantId, workspaceId, userId })
  return Object.assign(desks, {
    names,
    /** four people: one, and the twin of each kind */
    seats: {
      own: seat(names.own, 'ws', 'u'),
      tenant: seat(names.twin, 'ws', 'u'),
      workspace: seat(names.own, 'ws2', 'u'),
      user: seat(names.own, 'ws', 'u2'),
    },
    /** statements of the application's own code inside a boundary, in one transaction; the rows of the last */
    async sql(boundary: AgentBoundary, ...texts: readonly (string | readonly [string, ...unknown[]])[]) {
      return await desks.watertight.within(boundary).transact(async (transaction) => {
        let rows: readonly Readonly<Record<string, unknown>>[] = []
        for (const each of texts) {
          const [text, ...values] = typeof each === 'string' ? [each] : each
          rows = (await transaction.query(text, values)).rows
        }
        return rows
      })
    },
    /** the token that the store gives a boundary */
    async token(boundary: AgentBoundary): Promise<string> {
      const rows = await this.sql(boundary, "select current_setting('wt.token') as token")
      return String(rows[0]?.['token'])
    },
  })
}

/** A token with fields changed (counted from 1, as in 0002-boundary.sql), under the old mac, or signed with the real key. */
export function forge(token: string, fields: Readonly<Record<number, string>>, signed: 'signed' | 'unsigned'): string {
  const body = token
    .slice(65)
    .split('|')
    .map((field, at) => fields[at + 1] ?? field)
    .join('|')
  return `${signed === 'signed' ? Keyring.parse(keys).sign('database-token', body) : token.slice(0, 64)}.${body}`
}

/** One field of a token. */
export function fieldOf(token: string, number: number): string {
  return token.slice(65).split('|')[number - 1] ?? ''
}
