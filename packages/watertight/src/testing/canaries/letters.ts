import { findLetter, glyphs } from './glyphs.ts'

/** Letters as numbers from 0, with the place of each in the text that they were taken from. */
export interface Letters {
  readonly codes: Uint8Array
  readonly places: Uint32Array
  readonly length: number
}

/** A text as three rows of symbols. */
export interface Rows {
  /** the letters alone, a to z, whatever their case, form or marks */
  readonly letters: Letters
  /** the same with digits and signs that stand for letters; `undefined` when there are none */
  readonly leet: Letters | undefined
  /** every character that can be seen, as it is */
  readonly characters: { readonly codes: Int32Array; readonly places: Uint32Array; readonly length: number }
}

/** Not a letter. */
const none = 255
/** Digits of other forms than ASCII, 0 to 9 from here. */
const firstDigit = 100
/** Not a character that can be seen. */
const unseen = 254

/** Reads a text as rows of symbols. Characters that take no width are in none of them. */
export function readRows(text: string): Rows {
  const { length } = text
  const letters = new Row(length)
  const leet = new Row(length)
  let hasLeet = false
  const seen = new Int32Array(length)
  const seenPlaces = new Uint32Array(length)
  let count = 0
  for (let at = 0; at < length; at++) {
    let code = text.charCodeAt(at)
    if (code < 128) {
      if (code <= 32 || code === 127) continue
      const letter = asciiLetters[code] ?? none
      const leetLetter = asciiLeet[code] ?? none
      if (letter !== none) letters.add(letter, at)
      else if (leetLetter !== none) hasLeet = true
      if (leetLetter !== none) leet.add(leetLetter, at)
    } else {
      const place = at
      if (code >= 0xd800 && code < 0xdc00 && at + 1 < length) code = text.codePointAt(at++) ?? code
      const folded = foldCharacter(code)
      if (folded === undefined) continue
      for (const letter of folded) {
        if (letter < firstDigit) letters.add(letter, place)
        else hasLeet = true
        leet.add(letter < firstDigit ? leetOf(letter) : (asciiLeet[letter - firstDigit + 48] ?? 0), place)
      }
    }
    seen[count] = code
    seenPlaces[count++] = at
  }
  return {
    letters,
    leet: hasLeet ? leet : undefined,
    characters: { codes: seen, places: seenPlaces, length: count },
  }
}

/** Reads the letters of a secret: a to z alone, and with digits that stand for letters. */
export function readSecret(value: string): { readonly letters: Uint8Array; readonly leet: Uint8Array } {
  const { letters, leet } = readRows(value)
  return {
    letters: letters.codes.slice(0, letters.length),
    leet:
      leet === undefined
        ? Uint8Array.from(letters.codes.slice(0, letters.length), leetOf)
        : leet.codes.slice(0, leet.length),
  }
}

/** A row that grows: one character can stand for several letters. */
class Row implements Letters {
  codes: Uint8Array
  places: Uint32Array
  length = 0

  constructor(size: number) {
    this.codes = new Uint8Array(size)
    this.places = new Uint32Array(size)
  }

  add(code: number, place: number): void {
    if (this.length === this.codes.length) this.#grow()
    this.codes[this.length] = code
    this.places[this.length++] = place
  }

  #grow(): void {
    const { codes, places } = this
    this.codes = new Uint8Array(codes.length * 2 + 8)
    this.places = new Uint32Array(places.length * 2 + 8)
    this.codes.set(codes)
    this.places.set(places)
  }
}

// One letter for each group of letters that share a digit, in the text and in the secret: l and i are 1; g and q are 9.
function leetOf(letter: number): number {
  if (letter === 11) return 8
  return letter === 16 ? 6 : letter
}

const asciiLetters = Uint8Array.from({ length: 128 }, (_none, code) => {
  const letter = (code | 32) - 97
  return code >= 65 && letter >= 0 && letter < 26 ? letter : none
})

const leetSigns: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '2': 'z',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'g',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
}

const asciiLeet = asciiLetters.map((letter, code) => {
  const sign = leetSigns[String.fromCharCode(code)]
  if (sign !== undefined) return sign.charCodeAt(0) - 97
  return letter === none ? none : leetOf(letter)
})

// What each character of the basic plane folds to: a letter, `none`, `unseen`, or several letters, which are kept apart.
const known = new Uint8Array(65_536).fill(253)
const several = 252
const singles = Array.from({ length: 26 }, (_none, letter) => [letter] as const)
const nothing: readonly number[] = []

function foldCharacter(code: number): readonly number[] | undefined {
  if (code > 0xffff) return fold(code)
  const kept = known[code] ?? none
  if (kept < 26) return singles[kept]
  if (kept === none) return nothing
  if (kept === unseen) return undefined
  const letters = fold(code)
  if (letters === undefined) known[code] = unseen
  else if (letters.length === 1 && (letters[0] ?? none) < firstDigit) known[code] = letters[0] ?? none
  else known[code] = letters.length === 0 ? none : several
  return letters
}

function fold(code: number): readonly number[] | undefined {
  const character = String.fromCodePoint(code)
  if (/^[\p{Cf}\p{M}\p{Z}\p{Cc}\u115f\u1160\u2800\u3164\uffa0]$/u.test(character) && findLetter(code) === undefined)
    return undefined
  const letter = findLetter(code) ?? glyphs.get(character)
  const plain = letter ?? character.normalize('NFKD').toLowerCase()
  const codes: number[] = []
  for (const part of plain) {
    const own = (glyphs.get(part) ?? part).charCodeAt(0)
    if (own >= 97 && own < 123) codes.push(own - 97)
    else if (own >= 48 && own < 58) codes.push(own - 48 + firstDigit)
  }
  return codes
}
