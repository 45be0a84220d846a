import { createRandom } from '../random.ts'
import type { Random } from '../random.ts'
import type { Canary } from './canary.ts'
import { patternBits } from './pattern.ts'

/** What a canary is made of, and so unique to. */
export interface CanarySource {
  /** the same seed gives the same canary */
  readonly seed: string | number
  /** whose secret it is: an id, or a path of ids such as tenant, workspace, user */
  readonly owner: string | readonly string[]
  /** where it is planted: memory, tickets, a file, … */
  readonly store: string
}

/**
 * The letters of a canary: those that English uses least. A text with other letters put between them gives them back when
 * only these are kept, and none of them has a digit that looks like it, but for z and q.
 */
export const canaryLetters = 'jkqvxz'

/** How many letters a canary has: 62 bits, so two owners never share one. */
export const canaryLength = 24

/**
 * Makes the canary of one owner in one store: 24 small letters.
 *
 * They repeat in a way of their own, so a text in which each letter stands for another, or for a number, a word or a
 * picture, still shows whose it is.
 *
 * @param source what it is unique to
 * @returns the canary; its label is the owner and the store, percent-encoded and joined by `/`
 */
export function createCanary({ seed, owner, store }: CanarySource): Canary {
  const parts = [...(typeof owner === 'string' ? [owner] : owner), store]
  if (parts.some((part) => part === '' || !part.isWellFormed()))
    throw new TypeError('The owner and the store of a canary must be non-empty strings of well-formed Unicode.')
  const random = createRandom('canary', seed, ...parts)
  let value = drawLetters(random)
  while (!isTelling(value)) value = drawLetters(random)
  return { label: parts.map((part) => encodeURIComponent(part)).join('/'), value }
}

function drawLetters(random: Random): string {
  return Array.from({ length: canaryLength }, () => canaryLetters.charAt(random.below(canaryLetters.length))).join('')
}

// All letters are in use, a search for its pattern is not led astray by ordinary text, and no part stands in it twice.
function isTelling(value: string): boolean {
  const [near, next] = patternBits(Array.from(value, (letter) => letter.charCodeAt(0)))
  if (countBits(near) < 2 || countBits(near) + countBits(next) < 6 || /(.)\1{3}/.test(value)) return false
  const sixes = Array.from({ length: value.length - 5 }, (_none, at) => value.slice(at, at + 6))
  const backwards = sixes.map((six) => Array.from(six).toReversed().join(''))
  return new Set(value).size === canaryLetters.length && new Set([...sixes, ...backwards]).size === 2 * sixes.length
}

function countBits(bits: number): number {
  return bits.toString(2).replaceAll('0', '').length
}
