import { createHash } from 'node:crypto'

/** A source of numbers that depends on its seed alone: the same on every machine, in every process, at every time. */
export interface Random {
  /** the next 32 bits */
  next(): number
  /** a whole number from 0 up to, and without, `limit`; each is equally likely */
  below(limit: number): number
  /** one of the list */
  pick<Item>(list: readonly [Item, ...Item[]]): Item
  /** the list in another order */
  shuffle<Item>(list: readonly Item[]): Item[]
}

/**
 * Makes a source of numbers: sfc32 (three words and a counter, additions and shifts alone), whose state is the SHA-256
 * of the seed. Parts are told apart, so `['a', 'b']` and `['ab']` are two seeds.
 *
 * @param seed what the numbers depend on
 */
export function createRandom(...seed: readonly (string | number)[]): Random {
  const state = createHash('sha256').update(JSON.stringify(seed)).digest()
  let [a, b, c, counter] = [state.readInt32LE(0), state.readInt32LE(4), state.readInt32LE(8), state.readInt32LE(12)]
  const next = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  const below = (limit: number) => {
    // Numbers above the last whole multiple of the limit would make the first ones likelier.
    const fair = 2 ** 32 - (2 ** 32 % limit)
    for (;;) {
      const number = next()
      if (number < fair) return number % limit
    }
  }
  return {
    next,
    below,
    pick: ([first, ...rest]) => {
      const at = below(rest.length + 1)
      return at === 0 ? first : (rest[at - 1] ?? first)
    },
    shuffle(list) {
      const left = [...list]
      return list.flatMap(() => left.splice(below(left.length), 1))
    },
  }
}
