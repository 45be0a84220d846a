/**
 * Says where symbols repeat: a bit for each that equals the one before it, and a bit for each that equals the one before
 * that. Both stay the same when every symbol is replaced by another one of its own.
 */
export function patternBits(symbols: ArrayLike<number>): readonly [near: number, next: number] {
  let near = 0
  let next = 0
  for (let at = 1; at < symbols.length; at++) {
    near = (near << 1) | (symbols[at] === symbols[at - 1] ? 1 : 0)
    next = (next << 1) | (at > 1 && symbols[at] === symbols[at - 2] ? 1 : 0)
  }
  return [near, next]
}
