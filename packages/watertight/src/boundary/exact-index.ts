/**
 * Returns where a value stands in a list, -1 where it does not. A loop and `===`, not a method or an iterator of Array: an
 * exact comparison that a patched prototype cannot widen.
 */
export function exactIndexOf(list: readonly unknown[], value: unknown): number {
  for (let at = 0; at < list.length; at++) if (list[at] === value) return at
  return -1
}
