import { randomUUID } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { link, readFile, rm, writeFile } from 'node:fs/promises'

import { FolderRefused } from '../errors.ts'

/** Who holds a lock. `started` tells a process from a later one with the same number, which containers hand out at every start. */
interface Holder {
  readonly pid: number
  readonly started: string
  readonly token: string
}

/** Gives the lock back; only the lock that this call took. */
export type Unlock = () => Promise<void>

/**
 * Takes the lock file of a data folder, or refuses. PGlite has none of its own: a second process that opens the same
 * folder writes over the first one's pages.
 *
 * @param path the lock file, beside the folder
 * @throws {FolderRefused} `FOLDER_REFUSED` while another living process, or this one, holds it
 */
export async function lockFolder(path: string): Promise<Unlock> {
  const mine: Holder = { pid: process.pid, started: startOf(process.pid), token: randomUUID() }
  const draft = `${path}.${mine.token}`
  try {
    await writeFile(draft, JSON.stringify(mine), { mode: 0o600 }).catch(refuseUnwritable)
    await takeLock(path, draft)
  } finally {
    await rm(draft, { force: true })
  }
  return async () => {
    if ((await readHolder(path))?.token === mine.token) await rm(path, { force: true })
  }
}

// `link` creates the lock with its content in one step, and fails if there is one: nobody ever reads half a lock.
async function takeLock(path: string, draft: string): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await tryLink(draft, path)) return
    const holder = await readHolder(path)
    if (holder !== undefined && isAlive(holder)) throw inUse()
    if (holder !== undefined) await removeStale(path, draft, holder)
  }
  throw inUse()
}

// Two processes may find the same dead holder, and the slower one must not remove the lock that the faster one has taken
// since. So whoever removes a lock holds a claim first, and looks again under it: a dead holder's lock stays as it is
// until somebody with the claim removes it.
async function removeStale(path: string, draft: string, dead: Holder): Promise<void> {
  const claim = `${path}.claim`
  if (!(await tryLink(draft, claim))) {
    const claimer = await readHolder(claim)
    if (claimer !== undefined && !isAlive(claimer)) await rm(claim, { force: true })
    return
  }
  try {
    if ((await readHolder(path))?.token === dead.token) await rm(path, { force: true })
  } finally {
    await rm(claim, { force: true })
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    return refuseUnwritable(error)
  }
}

function refuseUnwritable(cause: unknown): never {
  throw new FolderRefused('its lock file cannot be written', 'Give this process write access beside the folder.', {
    cause,
  })
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const held: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (typeof held !== 'object' || held === null || !('pid' in held) || !('started' in held) || !('token' in held))
      return unreadable
    return typeof held.pid === 'number'
      ? { pid: held.pid, started: String(held.started), token: String(held.token) }
      : unreadable
  } catch (error) {
    return error instanceof SyntaxError ? unreadable : undefined
  }
}

// Not written by us: its holder counts as alive, because deleting what one does not understand could cost the data.
const unreadable: Holder = { pid: -1, started: '', token: '' }

function isAlive(holder: Holder): boolean {
  if (holder === unreadable) return true
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  if (isZombie(holder.pid)) return false
  const started = startOf(holder.pid)
  return started === '' || holder.started === '' || started === holder.started
}

// Linux tells when a process started (proc(5), stat, field 22). Elsewhere '' means unknown, and the number decides alone.
function startOf(pid: number): string {
  return statOf(pid)[19] ?? ''
}

// What was killed keeps its number until its parent waits for it, which the first process of many a container never does.
// It runs no more once none of its threads is left but the one that is counted for it.
function isZombie(pid: number): boolean {
  if (statOf(pid)[0] !== 'Z') return false
  try {
    return readdirSync(`/proc/${pid}/task`).length <= 1
  } catch {
    return true // waited for in the meantime
  }
}

/** The fields of proc(5), stat, from the third on: those before may hold blanks. */
function statOf(pid: number): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

function inUse(): FolderRefused {
  return new FolderRefused(
    'another process has it open',
    'Stop that process, or use a Postgres server, which many can share.',
  )
}
