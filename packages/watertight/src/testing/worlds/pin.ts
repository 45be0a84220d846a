/** What was observed, in a form that can be compared: texts, numbers, lists, and members in the order in which they came. */
export type Pinned = string | number | boolean | null | readonly Pinned[] | { readonly [member: string]: Pinned }

/** Replaces what differs from world to world by nature: times, ids that were made, the world's own texts. */
export type Pin = (value: unknown) => Pinned

const made = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi
const time = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d(?::?\d\d)?)?/g

/**
 * Makes the pin of one world. A made id becomes the number of its first appearance, so that two ids stay two, and one that
 * comes back stays the same: a world that answers with another id than before is seen.
 *
 * @param texts the world's own texts and what stands for each; longer ones are replaced first
 */
export function createPin(texts: readonly (readonly [text: string, name: string])[] = []): Pin {
  const longestFirst = texts.toSorted(([left], [right]) => right.length - left.length)
  const ids = new Map<string, string>()
  const pinId = (id: string) => {
    const known = ids.get(id) ?? `<id ${ids.size + 1}>`
    ids.set(id, known)
    return known
  }
  const pinText = (text: string) =>
    longestFirst
      .reduce((pinned, [own, name]) => pinned.replaceAll(own, `<${name}>`), text)
      .replaceAll(made, pinId)
      .replaceAll(time, '<time>')
  const pin = (value: unknown, inside: readonly unknown[]): Pinned => {
    if (typeof value === 'string') return pinText(value)
    if (typeof value === 'number') return Number.isFinite(value) ? value : `<number ${value}>`
    if (typeof value === 'boolean' || value === null) return value
    if (value === undefined) return '<undefined>'
    if (typeof value === 'bigint') return `<bigint ${value}>`
    if (typeof value !== 'object') return `<${typeof value}>` // a function or a symbol: nothing that is data
    if (value instanceof Date) return '<time>'
    if (inside.includes(value)) return '<circle>'
    const pinMember = (member: unknown) => pin(member, [...inside, value])
    if (ArrayBuffer.isView(value)) return { '<bytes>': pinText(Buffer.from(bytesOf(value)).toString('latin1')) }
    if (value instanceof Map || value instanceof Set) return { [`<${value.constructor.name}>`]: pinMember([...value]) }
    if (Array.isArray(value)) return value.map(pinMember)
    return Object.fromEntries(membersOf(value).map(([name, member]) => [pinText(name), pinMember(member)]))
  }
  return (value) => pin(value, [])
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

// Of an error its own words too, which are no members that are listed. Not the stack, which tells where it was thrown, and
// differs with the time at which a statement was sent.
function membersOf(value: object): readonly (readonly [string, unknown])[] {
  const own = Object.entries(value)
  if (!(value instanceof Error)) return own
  const words = [
    ['name', value.name],
    ['message', value.message],
  ] as const
  return [...words, ...own.filter(([name]) => name !== 'name' && name !== 'message')]
}
