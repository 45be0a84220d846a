/** The orders that a row is often brought into: rail fences, columns, groups turned, rotated or dealt out. */
export function transpositions(row: Uint8Array): readonly Uint8Array[] {
  const { length } = row
  const places = Array.from({ length }, (_none, at) => at)
  const orders = [
    ...[2, 3, 4, 5, 6].map((rails) => places.toSorted((left, right) => railOf(left, rails) - railOf(right, rails))),
    ...counts(length).flatMap((columns) => {
      const byColumn = places.toSorted((left, right) => (left % columns) - (right % columns))
      return [byColumn, inverse(byColumn)]
    }),
    ...counts(length).flatMap((size) => [
      places.toSorted((left, right) => groupOf(left, size) - groupOf(right, size) || right - left),
      places.toSorted((left, right) => groupOf(right, size) - groupOf(left, size) || left - right),
      ...rotations(places, size),
    ]),
    places.map((at) => (at % 2 === 0 ? at / 2 : length - (at + 1) / 2)), // from both ends inwards
  ]
  const whole = orders.map((order) => Uint8Array.from(order, (at) => row[at] ?? 0))
  const found = new Map(whole.map((moved) => [moved.join(), moved]))
  found.delete(row.join())
  found.delete(row.toReversed().join())
  return [...found.values()]
}

function counts(length: number): readonly number[] {
  return [2, 3, 4, 5, 6, 7, 8, 10, 12].filter((count) => count < length)
}

function railOf(at: number, rails: number): number {
  const turn = 2 * (rails - 1)
  return Math.min(at % turn, turn - (at % turn))
}

function groupOf(at: number, size: number): number {
  return Math.floor(at / size)
}

// The first of each group put last, and the last put first.
function rotations(places: readonly number[], size: number): readonly (readonly number[])[] {
  const groups: number[][] = []
  for (const at of places) (groups[groupOf(at, size)] ??= []).push(at)
  return [
    groups.flatMap((group) => [...group.slice(1), ...group.slice(0, 1)]),
    groups.flatMap((group) => [...group.slice(-1), ...group.slice(0, -1)]),
  ]
}

function inverse(order: readonly number[]): readonly number[] {
  const back: number[] = []
  for (const [at, from] of order.entries()) back[from] = at
  return back
}
