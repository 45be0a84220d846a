/**
 * Returns the vector scaled to length 1, in a buffer of its own, or `undefined` when it is not a usable vector: of other
 * dimensions, with a value that is not finite, or of length 0. (A NaN in a query would otherwise come back as hits.)
 */
export function unitVector(values: ArrayLike<number>, dimensions: number): Float32Array<ArrayBuffer> | undefined {
  if (values.length !== dimensions) return undefined
  let squares = 0
  for (let at = 0; at < dimensions; at++) squares += Number(values[at]) ** 2
  const length = Math.sqrt(squares)
  if (!Number.isFinite(length) || length === 0) return undefined
  return Float32Array.from({ length: dimensions }, (_, at) => Number(values[at]) / length)
}
