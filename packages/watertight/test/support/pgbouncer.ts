import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

import { exitOf } from './processes.ts'

export interface PgBouncerOptions {
  /** The direct URLs to be reached through it: any logins and databases. */
  urls: readonly string[]
  poolMode: 'transaction' | 'session'
  /** Server connections for each login in each database; 2 unless given. */
  poolSize?: number
  /** Path of the program; what `findPgBouncer` finds unless given. */
  program?: string
}

export interface PgBouncer extends AsyncDisposable {
  readonly port: number
  /** Turns one of `urls` into the way through the pooler. */
  url(directUrl: string): string
  /** Ends it and all sessions through it. May be called again. */
  stop(): Promise<void>
}

/** Starts a real PgBouncer on 127.0.0.1. It trusts its clients, and signs in to the server as `urls` do. */
export async function openPgBouncer(options: PgBouncerOptions): Promise<PgBouncer> {
  const program = options.program ?? findPgBouncer()
  if (program === undefined)
    throw new Error('No PgBouncer was found. Install it, or set WATERTIGHT_PGBOUNCER to its path.')
  const folder = await mkdtemp(join(tmpdir(), 'wt-pgbouncer-'))
  const tidy = () => rm(folder, { recursive: true, force: true })
  try {
    const port = await findFreePort()
    const end = await startProgram(program, await writeConfig(folder, port, options))
    const stop = () => end().then(tidy)
    const url = (directUrl: string) => Object.assign(new URL(directUrl), { host: `127.0.0.1:${port}` }).href
    return { port, url, stop, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await tidy()
    throw error
  }
}

/** Returns the path of the program: WATERTIGHT_PGBOUNCER, or from PATH, or where Debian puts it. */
export function findPgBouncer(): string | undefined {
  const named = process.env['WATERTIGHT_PGBOUNCER']
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  const candidates = named ? [named] : folders.map((folder) => join(folder, 'pgbouncer'))
  return candidates.find((path) => existsSync(path))
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('A TCP server has an address with a port.')
  return address.port
}

async function writeConfig(folder: string, port: number, options: PgBouncerOptions): Promise<string> {
  const logins = options.urls.map((url) => new URL(url))
  const databases = new Set(
    logins.map((url) => `${url.pathname.slice(1)} = host=${url.hostname} port=${url.port || '5432'}`),
  )
  const config = [
    '[databases]',
    ...databases,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = trust',
    `auth_file = ${join(folder, 'userlist.txt')}`,
    `pool_mode = ${options.poolMode}`,
    `default_pool_size = ${options.poolSize ?? 2}`,
    'max_client_conn = 500',
  ]
  const users = logins.map((url) => `"${decodeURIComponent(url.username)}" "${decodeURIComponent(url.password)}"`)
  await chmod(folder, 0o755) // started by root it reads as somebody else; the passwords are those of throw-away roles
  await writeFile(join(folder, 'userlist.txt'), `${users.join('\n')}\n`)
  await writeFile(join(folder, 'pgbouncer.ini'), `${config.join('\n')}\n`)
  return join(folder, 'pgbouncer.ini')
}

/** Resolves, once it listens, to what ends it. It refuses to run as root, and changes to the user that it is given. */
async function startProgram(program: string, config: string): Promise<() => Promise<void>> {
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const child = spawn(program, [...user, config], { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = exitOf(child)
  let log = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-10_000)
      if (log.includes('process up')) resolve()
    })
    exited.then(() => reject(new Error(`PgBouncer ended before it was up. Its log says:\n${log}`)), reject)
  })
  return async () => {
    child.kill('SIGTERM') // at once; SIGINT waits for clients
    await exited
  }
}
