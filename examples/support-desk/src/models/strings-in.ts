/** Collects every string of a JSON value, in order, names of members included where `names` asks for them. */
export function stringsIn(value: unknown, { names = false } = {}): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap((each) => stringsIn(each, { names }))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => [...(names ? [name] : []), ...stringsIn(each, { names })])
}
