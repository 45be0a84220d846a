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
    // Its name is read, and nobody knows what a call would give.
    if (typeof visit.value === 'function') giveUp('it cannot look into a function: call it first')
    if (typeof visit.value !== 'object' || visit.value === null || seen.has(visit.value)) continue
    seen.add(visit.value)
    const members = content === undefined ? membersOf(visit.value, giveUp) : addedTo(visit.value, giveUp)
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
    if (value instanceof Map)
      for (const [name, member] of value)
        members.push([
          typeof name === 'string' ? name : members.length,
          typeof name === 'string' ? member : [name, member],
        ])
    else if (value instanceof Set) for (const member of value) members.push([members.length, member])
    else if (isPairs(value)) for (const [name, member] of value.entries()) members.push([name, member])
    else if (isOpaque(value)) giveUp(`it cannot look into a ${nameOfKind(value)}: read it first`)
    if (value instanceof Error)
      members.push(['name', value.name], ['message', value.message], ['stack', value.stack], ['cause', value.cause])
    // What others would see of it as JSON.
    const toJson: unknown = Reflect.get(value, 'toJSON')
    if (typeof toJson === 'function') members.push(['toJSON', Reflect.apply(toJson, value, [])])
  } catch (error) {
    giveUp('a part of the value throws when it is read')
    members.push(['error', error])
  }
  for (const key of ownNames(value, giveUp)) {
    if (value instanceof Error && ['message', 'stack', 'cause', 'name'].includes(String(key))) continue
    const member = readMember(value, key, giveUp)
    if (key !== 'toJSON' || typeof member[1] !== 'function') members.push(member)
  }
  return members
}

/** So many bytes of a list have their members listed, each of which is a member by itself. */
const longestList = 250_000

// What somebody added to a date, a pattern or a list of bytes, which are read as a text.
function addedTo(value: object, giveUp: (reason: string) => void): readonly Member[] {
  if (ArrayBuffer.isView(value) && value.byteLength > longestList) return []
  try {
    return Reflect.ownKeys(value)
      .filter((key) => typeof key === 'symbol' || !(/^\d+$/.test(key) || key === 'lastIndex'))
      .map((key) => readMember(value, key, giveUp))
  } catch {
    giveUp('the members of a part of the value cannot be listed')
    return []
  }
}

// What is thrown may tell more than what was asked for.
function readMember(value: object, key: string | symbol, giveUp: (reason: string) => void): Member {
  const name = typeof key === 'symbol' ? (key.description ?? '') : key
  try {
    return [Array.isArray(value) && /^\d+$/.test(name) ? Number(name) : name, Reflect.get(value, key)]
  } catch (error) {
    giveUp('a member of the value throws when it is read')
    return [name, error]
  }
}

// Its own members, and the accessors and the data of its class.
function ownNames(value: object, giveUp: (reason: string) => void): readonly (string | symbol)[] {
  try {
    const own = Reflect.ownKeys(value)
    if (Array.isArray(value)) return own.filter((name) => name !== 'length')
    const inherited = namesOfKinds(value, giveUp)
    return inherited.length === 0 ? own : [...new Set([...own, ...inherited])]
  } catch {
    giveUp('the members of a part of the value cannot be listed')
    return []
  }
}

function namesOfKinds(value: object, giveUp: (reason: string) => void): readonly (string | symbol)[] {
  const names: (string | symbol)[] = []
  let kind: unknown = Reflect.getPrototypeOf(value)
  for (let level = 0; typeof kind === 'object' && kind !== null && kind !== Object.prototype; level++) {
    if (level === 8) {
      giveUp('a part of the value inherits from more than 8 others')
      break
    }
    const ofLanguage = isNative(kind)
    for (const name of Reflect.ownKeys(kind)) if (isRead(kind, name, ofLanguage)) names.push(name)
    kind = Reflect.getPrototypeOf(kind)
  }
  return names
}

function isRead(kind: object, name: string | symbol, ofLanguage: boolean): boolean {
  const held = Reflect.getOwnPropertyDescriptor(kind, name)
  if (held?.get !== undefined) return true
  return !ofLanguage && held?.value !== undefined && typeof held.value !== 'function' && name !== Symbol.toStringTag
}

// Errors have a name and a message by their class, and lists a length: nobody put them there.
function isNative(kind: object): boolean {
  const made: unknown = Reflect.getOwnPropertyDescriptor(kind, 'constructor')?.value
  return (
    typeof made === 'function' &&
    made.prototype === kind &&
    Function.prototype.toString.call(made).includes(' [native code] ')
  )
}

// No name of a class of somebody else's: it may tell a secret.
function nameOfKind(value: object): string {
  return opaqueKinds.find((kind) => value instanceof kind)?.name ?? 'value that is read step by step'
}

const opaqueKinds = [Promise, Blob, Response, Request, ReadableStream, WeakMap, WeakSet, WeakRef]

function isPairs(value: object): value is { entries(): Iterable<[string, unknown]> } {
  return value instanceof Headers || value instanceof URLSearchParams || value instanceof FormData
}

function isOpaque(value: object): boolean {
  return (
    opaqueKinds.some((kind) => value instanceof kind) ||
    Symbol.asyncIterator in value ||
    isConsumed(value) ||
    typeof Reflect.get(value, 'then') === 'function'
  )
}

// To read what is iterated may use it up, and may never end.
function isConsumed(value: object): boolean {
  if (Array.isArray(value)) return false
  return Symbol.iterator in value || typeof Reflect.get(value, 'next') === 'function'
}
