import { createCanary, createCanaryDetector } from 'watertight/testing'
import type { Canary } from 'watertight/testing'

import type { Pair } from './owners.ts'
import { Script } from './script.ts'
import type { Door, OpenStack, Stack, Verb } from './stack.ts'

/** One thing that a tenant tries, to see or to change what is somebody else's. */
export interface Case extends Pair {
  readonly verb: Verb
  /** `seen`: the other must not be given the owner’s canary. `whole`: the owner must still read it, and not the other’s */
  readonly asks: 'seen' | 'whole'
  /** a key that means another tenant’s where tenant and key are glued together */
  readonly glued?: string
}

/** What came of one case. */
export interface Outcome {
  readonly leaked: boolean
  readonly script: Script
}

/** The key under which everybody keeps a text. */
const key = 'note'

/** A word that every text has, for searches. */
const word = 'phrase'

/** The shortest scripts first. */
const attempts: readonly Pick<Case, 'verb' | 'asks'>[] = [
  { verb: 'search', asks: 'seen' },
  { verb: 'list', asks: 'seen' },
  { verb: 'read', asks: 'seen' },
  { verb: 'history', asks: 'seen' },
  { verb: 'put', asks: 'whole' },
  { verb: 'update', asks: 'whole' },
  { verb: 'remove', asks: 'whole' },
  { verb: 'clear', asks: 'whole' },
]

/** Everything that is tried between two tenants of a stack, by a door that has those verbs. */
export function casesOf(pair: Pair, door: Door, idsOf: Stack['idsOf']): readonly Case[] {
  const can = attempts.filter(({ verb }) => door[verb] && (verb !== 'put' || idsOf === 'owner'))
  const all = can.map((attempt) => ({ ...pair, ...attempt }))
  if (idsOf === 'stack') return all // under an id that the stack will make nobody can put anything, nor guess it
  const glued = cutElsewhere(pair).flatMap((name): readonly Case[] => [
    { ...pair, verb: 'read', asks: 'seen', glued: name },
    { ...pair, verb: 'put', asks: 'whole', glued: name },
  ])
  return [...all, ...glued]
}

/**
 * `a` and `b:note` are glued to the same as `a:b` and `note`. Keys come from a request or a model, so whoever chooses one
 * may choose that.
 */
function cutElsewhere({ owner, other }: Pair): readonly string[] {
  if (!owner.startsWith(other)) return []
  const [, separator, rest] = /^([:/|.]+)(.+)$/.exec(owner.slice(other.length)) ?? []
  return separator === undefined ? [] : [`${rest}${separator}${key}`]
}

/** Runs one case. It leaked where a canary arrived at somebody else, or where the owner’s is gone. */
export async function runCase(tried: Case, open: OpenStack, words: Stack['words'], seed: number): Promise<Outcome> {
  await open.clean()
  const [owner, other] = [open.tenant(tried.owner), open.tenant(tried.other)]
  const [mine, theirs] = [secretOf(tried.owner, seed), secretOf(tried.other, seed)]
  const script = new Script(words)
  const id = await script.take({
    verb: 'put',
    tenant: tried.owner,
    thing: key,
    run: () => owner.put(key, textOf(mine)),
  })
  if (typeof id !== 'string') throw new Error(`${String(script)}: it kept a text a moment ago, and does not any more.`)
  const seen = await script.take(attemptOf(tried, other, id, textOf(theirs)))
  if (tried.asks === 'seen') return { leaked: holds(mine, seen), script }
  const left = await script.take({ verb: 'read', tenant: tried.owner, thing: key, run: () => owner.read(id) })
  return { leaked: !holds(mine, left) || holds(theirs, left), script }
}

function attemptOf({ verb, other, glued }: Case, door: Door, id: string, text: string) {
  const name = glued ?? id
  const runs: Readonly<Record<Verb, () => Promise<unknown> | undefined>> = {
    put: () => door.put(glued ?? key, text),
    read: () => door.read(name),
    history: () => door.history?.(name),
    update: () => door.update?.(name, text),
    remove: () => door.remove?.(name),
    search: () => door.search?.(word),
    list: () => door.list?.(),
    clear: () => door.clear?.(),
  }
  const ofAll = verb === 'search' || verb === 'list' || verb === 'clear'
  return { verb, tenant: other, thing: ofAll ? undefined : (glued ?? key), run: runs[verb] }
}

/**
 * What a tenant cannot do with its own data, alone with the stack. Nothing, where the stack serves it. A stack that shows
 * nobody anything would keep everybody apart, so whoever is not served is in no case.
 */
export async function whatFails(tenant: string, open: OpenStack, seed: number): Promise<string | undefined> {
  await open.clean()
  const door = open.tenant(tenant)
  const [first, second] = [secretOf(tenant, seed), secretOf(tenant, seed, 'another')]
  try {
    const id = await door.put(key, textOf(first))
    const shows: readonly (readonly [Verb, () => Promise<unknown> | undefined])[] = [
      ['read', () => door.read(id)],
      ['history', () => door.history?.(id)],
      ['search', () => door.search?.(word)],
      ['list', () => door.list?.()],
    ]
    for (const [verb, run] of shows) if (door[verb] && !holds(first, await run())) return `${verb} does not show it`
    await door.update?.(id, textOf(second))
    if (door.update && !holds(second, await door.read(id))) return 'update does not change it'
    return (await leavesSomething(door, 'remove')) ?? (await leavesSomething(door, 'clear'))
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }

  async function leavesSomething(own: Door, verb: 'remove' | 'clear'): Promise<string | undefined> {
    if (!own[verb]) return undefined
    const id = await own.put(key, textOf(first))
    await (verb === 'remove' ? own.remove?.(id) : own.clear?.())
    const left = await own.read(id).catch(() => undefined) // a refusal to read what is gone
    return holds(first, left) ? `${verb} leaves it` : undefined
  }
}

/** @throws {Error} when not all of it can be looked at: what is not seen is not clean */
function holds(canary: Canary, value: unknown): boolean {
  const { findings, gaveUp } = createCanaryDetector([canary]).scan(value)
  if (findings.length === 0 && gaveUp.length > 0)
    throw new Error(`Not all of an answer could be looked at: ${gaveUp[0]}`)
  return findings.length > 0
}

function secretOf(tenant: string, seed: number, store: string = key): Canary {
  return createCanary({ seed, owner: tenant, store })
}

function textOf({ value }: Canary): string {
  return `The phrase is ${value}`
}
