// Taken once, at load: a built-in that is patched later must not decide what a value holds.
const { assign } = Object

/**
 * Copies the own enumerable members of a value, each read exactly once, into an object without a prototype. A polluted
 * `Object.prototype` then supplies nothing that the value lacks, and a getter or Proxy that answers differently the
 * second time is never asked again.
 */
export function ownMembers(value: unknown): Readonly<Record<string, unknown>> {
  const members: Record<string, unknown> = { __proto__: null }
  return assign(members, value)
}
