/**
 * Judges versions of the library in a process of its own: for each name of its arguments it loads the library anew with
 * that version's edits, runs one probe on it, and prints one line of JSON. See run-mutants.ts.
 */
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

import { PGlite } from '@electric-sql/pglite'

import { editSources, editSql } from './edits.ts'
import { openHouse } from './house.ts'
import { readVersion } from './versions.ts'
import type { Verdict, Version } from './versions.ts'
import { Script } from './probe.ts'
import type { Probe } from './probe.ts'

const packageUrl = new URL('../../', import.meta.url).href
const sourceUrl = new URL('src/', packageUrl).href

/** The version that is being judged, and which of its files were loaded. */
let current: { readonly name: string; readonly sources: ReadonlyMap<string, string>; readonly loaded: Set<string> }

// Every module of this package that a version loads is loaded again for it, under an address of its own; the packages
// that it depends on are shared.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    const [, version] = /\?version=(\d+)$/.exec(context.parentURL ?? '') ?? []
    const own = resolved.url.startsWith(packageUrl) && !resolved.url.includes('/node_modules/')
    return version !== undefined && own ? { ...resolved, url: `${resolved.url}?version=${version}` } : resolved
  },
  load(url, context, next) {
    if (!url.includes('?version=') || !url.startsWith(sourceUrl)) return next(url, context)
    const path = url.slice(sourceUrl.length).replace(/\?.*$/, '')
    const source = current.sources.get(path)
    if (source === undefined) return next(url, context)
    current.loaded.add(path)
    return { format: 'module-typescript', source, shortCircuit: true }
  },
})

const original = PGlite.create
const createPglite = original.bind(PGlite)
const databases = prepareDatabases()
for (const [at, name] of process.argv.slice(2).entries())
  console.log(JSON.stringify(await judge(at, readVersion(name))))
await databases.close()

async function judge(at: number, version: Version): Promise<Verdict> {
  const began = performance.now()
  const verdict = (outcome: Verdict['outcome'], message = ''): Verdict => ({
    name: version.name,
    outcome,
    message,
    milliseconds: Math.round(performance.now() - began),
  })
  try {
    const [sources, sql] = [editSources(version.edits), editSql(version.edits)]
    current = { name: version.name, sources, loaded: new Set() }
    const probe = await findProbe(version, at)
    databases.prepare(sql, probe.ownDatabase === true)
    const breach = await withinTime(run(probe))
    const unloaded = [...sources.keys()].filter((path) => !current.loaded.has(path))
    if (unloaded.length > 0) return verdict('broken', `the probe loads no ${unloaded.join(', ')}`)
    return breach === undefined ? verdict('passed') : verdict('breach', breach)
  } catch (error) {
    return verdict('broken', error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
}

async function findProbe(version: Version, at: number): Promise<Probe> {
  const file = new URL(`./probes/${version.probeFile}.ts?version=${at}`, import.meta.url).href
  const { probes }: { probes: readonly Probe[] } = await import(file)
  const probe = probes.find(({ name }) => name === version.probe)
  if (probe === undefined) throw new TypeError(`${fileURLToPath(file)} has no probe ${version.probe}.`)
  return probe
}

async function run(probe: Probe): Promise<string | undefined> {
  try {
    await probe.run(new Script())
    return undefined
  } catch (error) {
    if (error instanceof Error && error.name === 'Breach') return `${probe.surface}, ${probe.name}:\n${error.message}`
    throw error
  }
}

async function withinTime<Result>(work: Promise<Result>): Promise<Result> {
  const seconds = 120
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not end within ${seconds} s`)), seconds * 1000)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Gives the library a database that is migrated already: a copy of its own where SQL is changed, else one that all
 * versions share, because their tenants have ids that no other has. Making and migrating one takes seconds, a copy less.
 */
function prepareDatabases() {
  let made: ReturnType<typeof makeFirst> | undefined
  let next = { sql: '', own: false }
  const hand = async () => {
    const { first, copy } = await (made ??= makeFirst(hand))
    if (next.own || next.sql !== '') {
      const database = await createPglite({ loadDataDir: copy })
      await database.exec(`set role wt_owner; ${next.sql}; reset role`)
      return database
    }
    await first.exec('deallocate all') // the driver of the version before named its statements alike
    return keepOpen(first)
  }
  Object.assign(PGlite, { create: hand })
  return {
    prepare: (sql: string, own: boolean) => void (next = { sql, own }),
    close: async () => await (await made)?.first.close(),
  }
}

// As the untouched library migrates it; made when a probe first asks for one.
async function makeFirst(hand: () => Promise<PGlite>): Promise<{ readonly first: PGlite; readonly copy: Blob }> {
  Object.assign(PGlite, { create: original }) // which itself calls it where there is no data yet
  const first = await createPglite()
  Object.assign(PGlite, { create: async () => keepOpen(first) })
  const house = await openHouse({ surfaces: [] })
  const copy = await first.dumpDataDir('none')
  await house[Symbol.asyncDispose]()
  Object.assign(PGlite, { create: hand })
  return { first, copy }
}

// The library closes what it opened, and others go on with this one.
function keepOpen(database: PGlite): PGlite {
  const get = (_: PGlite, name: string | symbol): unknown => {
    const member: unknown = name === 'close' ? async () => undefined : Reflect.get(database, name)
    return typeof member === 'function' ? member.bind(database) : member
  }
  return new Proxy(database, { get })
}
