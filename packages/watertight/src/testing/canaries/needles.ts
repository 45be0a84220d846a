import { readSecret } from './letters.ts'
import type { Letters } from './letters.ts'
import { patternBits } from './pattern.ts'
import type { CanaryRendering } from './rendering.ts'
import { transpositions } from './transpositions.ts'

/** A secret as a row of letters in one of its forms, to be found in a row of letters. */
export interface Needle {
  /** the number of the canary */
  readonly canary: number
  readonly codes: Uint8Array
  readonly steps: readonly CanaryRendering[]
  /** how many letters in a row are a finding */
  readonly minimum: number
  /** the secret as it is: its parts count wherever they are */
  readonly plain: boolean
}

/** A run of letters that a text and a needle share. */
export interface Run {
  readonly needle: Needle
  /** where it begins in the needle, and in the row */
  readonly from: number
  readonly start: number
  readonly length: number
}

/** How many letters are looked up at once. */
const seedLength = 6
const seedMask = 2 ** (5 * seedLength) - 1

/** Finds needles in rows of letters: six letters are one number, and a table tells which needles hold them. */
export class NeedleIndex {
  readonly #seeds = new Map<number, { needle: Needle; from: number }[]>()
  #table = new Uint8Array(2 ** 14)
  #shift = 18

  add(needle: Needle): void {
    const { codes, plain } = needle
    const last = codes.length - seedLength
    // Of the secret itself every part is looked up; of a disguise as many as its smallest finding must hold one of.
    const step = plain ? 1 : Math.max(1, needle.minimum - seedLength + 1)
    for (let from = 0; from <= last; from += step) {
      const key = keyAt(codes, from)
      const seeds = this.#seeds.get(key)
      if (seeds === undefined) this.#seeds.set(key, [{ needle, from }])
      else seeds.push({ needle, from })
      this.#table[Math.imul(key, 0x9e3779b1) >>> this.#shift] = 1
    }
    // A table that is full of marks tells nothing.
    if (this.#seeds.size * 8 > this.#table.length && this.#shift > 8) this.#enlarge()
  }

  get size(): number {
    return this.#seeds.size
  }

  /**
   * Tells every run of at least six shared letters, once each.
   *
   * @param codes the row
   * @param length how much of it
   * @param stride 1: every letter; 2: every second one, and so on
   */
  find(codes: Uint8Array, length: number, stride: number, tell: (run: Run) => void): void {
    if (this.#seeds.size === 0) return
    const table = this.#table
    const shift = this.#shift
    for (let first = 0; first < stride; first++) {
      let key = 0
      let ends: Map<Needle, number> | undefined
      for (let at = first, count = 1; at < length; at += stride, count++) {
        key = ((key << 5) | (codes[at] ?? 0)) & seedMask
        if (table[Math.imul(key, 0x9e3779b1) >>> shift] === 0 || count < seedLength) continue
        for (const { needle, from } of this.#seeds.get(key) ?? []) {
          ends ??= new Map()
          if (at <= (ends.get(needle) ?? -1)) continue
          const run = extend(needle, from, codes, length, at - (seedLength - 1) * stride, stride)
          ends.set(needle, run.start + (run.length - 1) * stride)
          tell(run)
        }
      }
    }
  }

  #enlarge(): void {
    this.#shift -= 2
    this.#table = new Uint8Array(2 ** (32 - this.#shift))
    for (const key of this.#seeds.keys()) this.#table[Math.imul(key, 0x9e3779b1) >>> this.#shift] = 1
  }
}

function keyAt(codes: Uint8Array, from: number): number {
  let key = 0
  for (let at = from; at < from + seedLength; at++) key = ((key << 5) | (codes[at] ?? 0)) & seedMask
  return key
}

function extend(needle: Needle, from: number, codes: Uint8Array, length: number, start: number, stride: number): Run {
  let first = from
  let place = start
  while (first > 0 && place - stride >= 0 && codes[place - stride] === needle.codes[first - 1]) {
    first--
    place -= stride
  }
  let end = from + seedLength
  let next = start + seedLength * stride
  while (end < needle.codes.length && next < length && codes[next] === needle.codes[end]) {
    end++
    next += stride
  }
  return { needle, from: first, start: place, length: end - first }
}

/** A secret whose letters repeat in a way that no other text has. */
export interface Pattern {
  readonly canary: number
  readonly codes: Uint8Array
  readonly backwards: boolean
}

/** Finds secrets in which every letter was replaced by a symbol of its own. */
export class PatternIndex {
  readonly #patterns = new Map<number, Pattern[]>()
  readonly #table = new Uint8Array(2 ** 16)
  readonly #length: number

  constructor(length: number) {
    this.#length = length
  }

  add(pattern: Pattern): void {
    const key = keyOf(...patternBits(pattern.codes))
    const patterns = this.#patterns.get(key)
    if (patterns === undefined) this.#patterns.set(key, [pattern])
    else patterns.push(pattern)
    this.#table[key >>> 16] = 1
  }

  find(symbols: Int32Array | Uint8Array, length: number, tell: (pattern: Pattern, start: number) => void): void {
    const size = this.#length
    if (this.#patterns.size === 0 || length < size) return
    const table = this.#table
    const nearMask = 2 ** (size - 1) - 1
    const nextMask = 2 ** (size - 2) - 1
    let near = 0
    let next = 0
    let last = -1
    let before = -1
    for (let at = 0; at < length; at++) {
      const symbol = symbols[at] ?? 0
      near = ((near << 1) | (symbol === last ? 1 : 0)) & nearMask
      next = ((next << 1) | (symbol === before ? 1 : 0)) & nextMask
      before = last
      last = symbol
      const key = keyOf(near, next)
      if (table[key >>> 16] === 0 || at < size - 1) continue
      for (const pattern of this.#patterns.get(key) ?? [])
        if (isSamePattern(pattern.codes, symbols, at - size + 1)) tell(pattern, at - size + 1)
    }
  }
}

function keyOf(near: number, next: number): number {
  return (Math.imul(near, 0x9e3779b1) ^ Math.imul(next, 0x85ebca6b)) >>> 0
}

function isSamePattern(codes: Uint8Array, symbols: Int32Array | Uint8Array, start: number): boolean {
  const there = new Map<number, number>()
  const back = new Map<number, number>()
  for (const [at, code] of codes.entries()) {
    const symbol = symbols[start + at] ?? 0
    if ((there.get(code) ?? symbol) !== symbol || (back.get(symbol) ?? code) !== code) return false
    there.set(code, symbol)
    back.set(symbol, code)
  }
  return true
}

/** A secret made ready to be looked for. */
export interface Prepared {
  readonly needles: readonly Needle[]
  /** those that are looked for among digits and signs that stand for letters */
  readonly leetNeedles: readonly Needle[]
  /** its letters, when it is one that createCanary() could have made */
  readonly designed: Uint8Array | undefined
}

/**
 * Makes the needles of one secret.
 *
 * @param value the secret; at least 10 of its characters are letters or digits
 * @param isDesigned it has the letters and the length that createCanary() gives
 */
export function prepare(canary: number, value: string, isDesigned: boolean): Prepared {
  const { letters, leet } = readSecret(value)
  const onlyLetters = letters.length === leet.length
  const make = (codes: Uint8Array, steps: readonly CanaryRendering[], plain = false): Needle => {
    const half = Math.max(10, Math.ceil(codes.length / 2))
    return {
      canary,
      codes,
      steps,
      plain,
      minimum: plain ? Math.min(half, codes.length) : Math.min(codes.length, half + 4),
    }
  }
  const own = onlyLetters ? letters : leet
  const shifts = Array.from({ length: 25 }, (_none, shift) => shift + 1)
  const substituted = onlyLetters
    ? [
        ...(isDesigned ? [13] : shifts).map((shift) =>
          make(
            letters.map((code) => (code + shift) % 26),
            [shift === 13 ? 'rot13' : 'caesar'],
          ),
        ),
        make(
          letters.map((code) => 25 - code),
          ['atbash'],
        ),
      ]
    : []
  const mixed = shifts.map((shift) => make(readSecret(rotate(value, shift)).leet, [shift === 13 ? 'rot13' : 'caesar']))
  const plain = [make(own, [], true), ...(onlyLetters ? substituted : mixed)]
  const reversed = plain.map((needle) => ({
    ...needle,
    codes: needle.codes.toReversed(),
    steps: [...needle.steps, 'reversed' as const],
  }))
  const moved = transpositions(own).map((codes) => ({ ...make(codes, ['transposed']), minimum: codes.length }))
  const encoded = encodings(value).map(({ text, step }) => {
    const codes = readSecret(text).leet
    return { ...make(codes, [step, 'case']), minimum: codes.length }
  })
  const all = [...plain, ...reversed, ...moved]
  return {
    needles: onlyLetters ? all : [],
    leetNeedles: [
      ...(onlyLetters ? all.slice(0, 1).map((needle) => ({ ...needle, codes: leet })) : all),
      ...encoded.filter(({ codes }) => codes.length >= 12),
    ],
    designed: isDesigned ? letters : undefined,
  }
}

function rotate(value: string, shift: number): string {
  return value.replaceAll(/[A-Za-z]/g, (letter) => {
    const base = letter < 'a' ? 65 : 97
    return String.fromCharCode(base + ((letter.charCodeAt(0) - base + shift) % 26))
  })
}

// What stays of a code when its case, its signs and what stands between its characters are lost. The first and last
// characters depend on what stands beside the secret, and are left out.
function encodings(value: string): readonly { text: string; step: CanaryRendering }[] {
  const cases = [value, value.toUpperCase(), value.toLowerCase()]
  const base64 = cases.flatMap((text) =>
    [0, 1, 2].map((before) =>
      Buffer.from('\0'.repeat(before) + text)
        .toString('base64url')
        .slice(before === 0 ? 0 : 4, -3),
    ),
  )
  return [
    ...[...new Set(base64)].map((text) => ({ text, step: 'base64' as const })),
    ...[...new Set(cases)].map((text) => ({ text: Buffer.from(text).toString('hex'), step: 'hex' as const })),
  ]
}

/** The letters of a row that secrets of our own are made of, so that all others between them are gone. */
export function keepLetters({ codes, places, length }: Letters, wanted: ReadonlySet<number>): Letters {
  const kept = Uint8Array.from({ length: 26 }, (_none, code) => (wanted.has(code) ? 1 : 0))
  const out = new Uint8Array(length)
  const outPlaces = new Uint32Array(length)
  let count = 0
  for (let at = 0; at < length; at++) {
    const code = codes[at] ?? 0
    if (kept[code] !== 1) continue
    out[count] = code
    outPlaces[count++] = places[at] ?? 0
  }
  return { codes: out, places: outPlaces, length: count }
}
