/**
 * Runs work while `Object.prototype` has one more member, as after a prototype pollution elsewhere in the process. The
 * member is not enumerable, so that only a look-up by name finds it.
 */
export async function whilePolluted<Result>(
  name: string,
  value: unknown,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  // oxlint-disable-next-line no-extend-native -- the attack
  Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true })
  try {
    return await work()
  } finally {
    Reflect.deleteProperty(Object.prototype, name)
  }
}

/** Runs synchronous work while one built-in is another. */
export function whilePatched<Result>(owner: object, name: PropertyKey, patch: unknown, work: () => Result): Result {
  const before = Object.getOwnPropertyDescriptor(owner, name)
  if (before === undefined) throw new TypeError(`There is no ${String(name)} to patch.`)
  const { defineProperty } = Reflect
  defineProperty(owner, name, { value: patch, configurable: true, writable: true })
  try {
    return work()
  } finally {
    defineProperty(owner, name, before)
  }
}
