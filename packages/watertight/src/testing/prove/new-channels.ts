import { createHash } from 'node:crypto'

import { walk } from '../canaries/walk.ts'

/** More members than this are not compared with those of before, but looked at again. */
const mostMembers = 100_000

/**
 * Tells what the channels of a session hold that they did not hold before: most list all that ever arrived, which would be
 * searched again for each message, and told as if that message had brought it.
 */
export class NewChannels {
  readonly #known = new Map<string, string>()

  /** @returns the channels, where items and channels that were the same before are `undefined` */
  of(channels: unknown): unknown {
    try {
      return isPlain(channels) ? this.#newMembers(channels) : channels
    } catch {
      return channels // a member throws, which whoever looks through it will tell
    }
  }

  #newMembers(channels: object): unknown {
    const members = Object.entries(channels).map(([name, held]: [string, unknown]): [string, unknown] => {
      if (!isPlainList(held)) return [name, this.#newOf(name, held)]
      return [name, held.map((item, at) => this.#newOf(JSON.stringify([name, at]), item))]
    })
    return Object.fromEntries(members)
  }

  #newOf(place: string, value: unknown): unknown {
    const print = fingerprint(value)
    if (print !== undefined && this.#known.get(place) === print) return undefined
    if (print === undefined) this.#known.delete(place)
    else this.#known.set(place, print)
    return value
  }
}

// Of all that a search would read; nothing where a search would give up.
function fingerprint(value: unknown): string | undefined {
  let isRead = true
  const texts = walk(value, mostMembers, () => (isRead = false))
  if (!isRead) return undefined
  const hash = createHash('sha256')
  for (const { kind, column, content } of texts) hash.update(`${kind} ${column} ${content.length} `).update(content)
  return hash.digest('hex')
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const kind: unknown = Object.getPrototypeOf(value)
  return (kind === Object.prototype || kind === null) && Object.keys(value).length === Reflect.ownKeys(value).length
}

function isPlainList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && Reflect.ownKeys(value).length === value.length + 1
}
