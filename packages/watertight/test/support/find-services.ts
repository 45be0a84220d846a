import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'

import { Client } from 'pg'
import type { TestProject } from 'vitest/node'

import { serviceNames, type Service, type ServiceName } from './require.ts'

/**
 * Looks once, before any test file is read, for the servers and programs that some tests need: a file must know while it is
 * read whether its tests exist. `require.ts` hands the answers to the tests.
 */
export default async function findServices(project: TestProject): Promise<void> {
  project.provide('requiredServices', parseRequired(process.env['WATERTIGHT_REQUIRE'] ?? ''))
  project.provide('services', {
    postgres: await findPostgres(process.env['WATERTIGHT_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres'),
    pgbouncer: findProgram('pgbouncer', 'WATERTIGHT_PGBOUNCER', ['/usr/sbin']),
    redis: await findRedis(process.env['WATERTIGHT_REDIS'] ?? 'redis://127.0.0.1:6379'),
    chromium: findProgram('chromium', 'WATERTIGHT_CHROMIUM', []),
  })
}

/** A misspelt name must not read as "nothing is required". */
export function parseRequired(list: string): ServiceName[] {
  const names = list.split(',').map((name) => name.trim())
  return names
    .filter((name) => name !== '')
    .map((name) => {
      const known = serviceNames.find((service) => service === name)
      if (known === undefined)
        throw new TypeError(`WATERTIGHT_REQUIRE names ${name}, which no test knows. Use ${serviceNames.join(', ')}.`)
      return known
    })
}

async function findPostgres(url: string): Promise<Service> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000 })
  try {
    await client.connect()
    await client.query('select 1')
    return { reachable: true, at: url }
  } catch (error) {
    return { reachable: false, reason: `${whyNot(error, url)}; set WATERTIGHT_POSTGRES or start one` }
  } finally {
    await client.end().catch(() => {}) // it may never have connected
  }
}

async function findRedis(url: string): Promise<Service> {
  try {
    await pingRedis(url)
    return { reachable: true, at: url }
  } catch (error) {
    return { reachable: false, reason: `${whyNot(error, url)}; set WATERTIGHT_REDIS or start one` }
  }
}

/** A server that asks for a password says so in its reply, and is a server all the same. */
async function pingRedis(url: string): Promise<void> {
  const { hostname, port } = new URL(url)
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port || 6379), timeout: 3000 })
    socket.once('connect', () => socket.write('PING\r\n'))
    socket.once('data', () => socket.end(() => resolve()))
    socket.once('timeout', () => socket.destroy(new Error('timeout')))
    socket.once('error', reject)
  })
}

function findProgram(name: ServiceName, variable: string, beyondPath: string[]): Service {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...beyondPath]
  const candidates = process.env[variable] ? [process.env[variable]] : folders.map((folder) => join(folder, name))
  const at = candidates.find((path) => existsSync(path))
  if (at !== undefined) return { reachable: true, at }
  return { reachable: false, reason: `no such program; install it, or set ${variable} to its path` }
}

/** Names the host and the error code alone: the URL may hold a password. */
function whyNot(error: unknown, url: string): string {
  const { host } = new URL(url)
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'timeout'
  return code === 'ECONNREFUSED' ? `no server at ${host}` : `${host} answers ${code}`
}
