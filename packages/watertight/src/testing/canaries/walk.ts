/** Where a text stands in a value. */
export interface Place {
  readonly parent: Place | undefined
  /** the name of the member, or the number of the item */
  readonly name: string | number
  /** the number of the member */
  readonly position: number
}

/** A text of a value. */
export interface FoundText {
  readonly place: Place | undefined
  readonly kind: 'key' | 'value' | 'number'
  readonly content: string | Uint8Array
  /** texts that stand in the same member of different items have the same number */
  readonly column: number
}

/**
 * Lists every text of a value, in order: names of members and what they hold, items of maps and sets, bytes, numbers,
 * messages and causes of errors. Cycles are walked once, and no depth exhausts the stack.
 *
 * @param most how many members are read
 * @param giveUp hears what cannot be looked into: a promise, a stream, a member that throws
 */
export function walk(value: unknown, most: number, giveUp: (reason: string) => void): readonly FoundText[] {
  const found: FoundText[] = []
  const seen = new Set<object>()
  const columns = new Map<string, number>()
  const stack: Visit[] = [{ value, place: undefined, column: 0 }]
  let read = 0
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    const { place, column } = visit
    const add = (content: string | Uint8Array, kind: FoundText['kind']) => found.push({ place, kind, content, column })
    if (++read > most) {
      giveUp(`the value has more than ${most} members`)
      break
    }
    const content = textOf(visit.value)
    if (content !== undefined)
      add(content, visit.kind ?? (/^(?:number|boolean)$/.test(typeof visit.value) ? 'number' : 'value'))
    if (typeof visit.value !== 'object' || visit.value === null || content !== undefined || seen.has(visit.value))
      continue
    seen.add(visit.value)
    const members = membersOf(visit.value, giveUp)
    for (let position = members.length - 1; position >= 0; position--) {
      const [name = '', member] = members[position] ?? []
      const next: Place = { parent: place, name, position }
      const key = `${column}/${typeof name === 'number' ? '*' : name}`
      const below = columns.get(key) ?? columns.size + 1
      columns.set(key, below)
      stack.push({ value: member, place: next, column: below })
      if (typeof name === 'string') stack.push({ value: name, place: next, column: below, kind: 'key' })
    }
  }
  return found
}

/**
 * Writes a path: `$.items[3].title`. A name is written only where it is one that a programmer would choose; any other member
 * is given by its position, and so is every member when `positions` is asked for.
 */
export function describePlace(place: Place | undefined, positions: boolean): string {
  const parts: string[] = []
  let depth = 0
  for (let at = place; at !== undefined; at = at.parent, depth++) {
    if (depth >= 24) continue
    if (typeof at.name === 'number') parts.push(`[${at.name}]`)
    else if (!positions && /^[A-Za-z_]\w{0,23}$/.test(at.name)) parts.push(`.${at.name}`)
    else parts.push(`{${at.position}}`)
  }
  return `$${depth > 24 ? `…(${depth - 24})` : ''}${parts.toReversed().join('')}`
}

interface Visit {
  readonly value: unknown
  readonly place: Place | undefined
  readonly column: number
  readonly kind?: 'key'
}

function textOf(value: unknown): string | Uint8Array | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (typeof value === 'symbol') return value.description ?? ''
  if (typeof value === 'function') return value.name
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return new Uint8Array(value)
  if (value instanceof Uint8Array) return value
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  if (value instanceof URL || value instanceof RegExp) return String(value)
  return value instanceof Date ? '' : undefined
}

type Member = readonly [name: string | number, value: unknown]

function membersOf(value: object, giveUp: (reason: string) => void): readonly Member[] {
  const members: Member[] = []
  try {
    if (Array.isArray(value)) {
      const { length } = value
      for (let at = 0; at < length; at++) members.push([at, value[at]])
      return members
    }
    if (value instanceof Map)
      for (const [name, member] of value)
        members.push([
          typeof name === 'string' ? name : members.length,
          typeof name === 'string' ? member : [name, member],
        ])
    else if (value instanceof Set) for (const member of value) members.push([members.length, member])
    else if (isPairs(value)) for (const [name, member] of value.entries()) members.push([name, member])
    else if (isOpaque(value)) giveUp(`it cannot look into a ${value.constructor.name}: read it first`)
    if (value instanceof Error)
      members.push(['name', value.name], ['message', value.message], ['stack', value.stack], ['cause', value.cause])
    // What others would see of it as JSON.
    const toJson: unknown = Reflect.get(value, 'toJSON')
    if (typeof toJson === 'function') members.push(['toJSON', Reflect.apply(toJson, value, [])])
  } catch {
    giveUp('a part of the value throws when it is read')
  }
  for (const key of ownNames(value, giveUp)) {
    const name = typeof key === 'string' ? key : (key.description ?? '')
    if (value instanceof Error && ['message', 'stack', 'cause', 'name'].includes(name)) continue
    try {
      members.push([name, Reflect.get(value, key)])
    } catch {
      members.push([name, undefined])
      giveUp('a member of the value throws when it is read')
    }
  }
  return members
}

// Its own members, and the accessors of its class.
function ownNames(value: object, giveUp: (reason: string) => void): readonly (string | symbol)[] {
  try {
    const names = new Set(Reflect.ownKeys(value))
    let kind: unknown = Reflect.getPrototypeOf(value)
    for (let level = 0; level < 8 && typeof kind === 'object' && kind !== null && kind !== Object.prototype; level++) {
      for (const name of Reflect.ownKeys(kind))
        if (Reflect.getOwnPropertyDescriptor(kind, name)?.get !== undefined) names.add(name)
      kind = Reflect.getPrototypeOf(kind)
    }
    return [...names]
  } catch {
    giveUp('the members of a part of the value cannot be listed')
    return []
  }
}

function isPairs(value: object): value is { entries(): Iterable<[string, unknown]> } {
  return value instanceof Headers || value instanceof URLSearchParams || value instanceof FormData
}

function isOpaque(value: object): boolean {
  return (
    value instanceof Promise ||
    value instanceof Blob ||
    value instanceof Response ||
    value instanceof Request ||
    value instanceof ReadableStream ||
    value instanceof WeakMap ||
    value instanceof WeakSet ||
    Symbol.asyncIterator in value
  )
}
