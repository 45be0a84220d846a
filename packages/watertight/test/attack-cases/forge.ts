/** Makes what could be taken for somebody else's boundary out of one's own. Each way has been a bug somewhere. */
const ways: Readonly<Record<string, (boundary: object, as: object) => unknown>> = {
  literal: (_boundary, as) => ({ ...as, role: 'owner' }),
  spread: (boundary, as) => ({ ...boundary, ...as }),
  kin: (boundary, as) => Object.create(Object.getPrototypeOf(boundary), membersOf(as)),
  heir: (boundary, as) => Object.create(boundary, membersOf(as)),
  proxy: (boundary, as) =>
    new Proxy(boundary, {
      get: (target, name) => (Object.hasOwn(as, name) ? Reflect.get(as, name) : Reflect.get(target, name)),
    }),
  text: (_boundary, as) => JSON.stringify({ ...as, role: 'owner' }),
  parsed: (_boundary, as) => JSON.parse(JSON.stringify({ ...as, role: 'owner' })),
  absent: () => undefined,
  nothing: () => null,
  list: (_boundary, as) => [as],
  function: (_boundary, as) => Object.assign(() => as, as),
}

/**
 * @param how one of the ways
 * @param as the members that a boundary of the other's would have
 */
export function forge(boundary: unknown, how: unknown, as: unknown): unknown {
  const way = ways[String(how)]
  if (way === undefined || typeof boundary !== 'object' || boundary === null || typeof as !== 'object' || as === null)
    throw new TypeError(`forge() has no such way: ${String(how)}.`)
  return way(boundary, as)
}

function membersOf(value: object): PropertyDescriptorMap {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, { value: member, enumerable: true }]))
}
