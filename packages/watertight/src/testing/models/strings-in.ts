/** The most that is read of one text, in characters: a tool that answers 100 MB must not stop the attack. */
const longestText = 200_000

/** The most texts that are read of one value. */
const mostTexts = 10_000

/** A text, and the name of the member that held it. */
export interface NamedText {
  readonly name: string | undefined
  readonly text: string
}

/** Collects every text and number of a value, names of members included. A value that cannot be read gives what it can. */
export function stringsIn(value: unknown): readonly NamedText[] {
  const found: NamedText[] = []
  const seen = new Set<object>()
  const left: { readonly name: string | undefined; readonly value: unknown }[] = [{ name: undefined, value }]
  for (let next = left.pop(); next !== undefined && found.length < mostTexts; next = left.pop()) {
    const { name, value: item } = next
    if (typeof item === 'string') found.push({ name, text: item.slice(0, longestText) })
    else if (typeof item === 'number' || typeof item === 'bigint') found.push({ name, text: String(item) })
    if (typeof item !== 'object' || item === null || seen.has(item)) continue
    seen.add(item)
    const members = membersOf(item).slice(0, mostTexts)
    // Names of members may be ids too: of a map by ticket, for one.
    if (!Array.isArray(item)) for (const [member] of members) found.push({ name: undefined, text: member })
    left.push(...members.toReversed().map(([member, held]) => ({ name: member, value: held })))
  }
  return found
}

function membersOf(item: object): [string, unknown][] {
  try {
    if (item instanceof Map) return [...item].map(([name, held]) => [String(name), held])
    if (item instanceof Set) return [...item].map((held, at) => [String(at), held])
    if (item instanceof Error) return [['message', item.message], ...Object.entries(item)]
    return Object.entries(item)
  } catch {
    return [] // a getter that throws
  }
}
