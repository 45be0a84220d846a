import type { CanaryRendering } from '../rendering.ts'
import type { Layer } from './layer.ts'
import { squeeze } from './squeeze.ts'

/** The longest run that is read as one number: reading takes time with the square of the length. */
const longestNumber = 2048

/**
 * Reads the runs of a text that could be codes of bytes: base64, base32, base58, base45, base85, hex, and bytes written as
 * one number. Beside a word that runs into it a code begins anywhere, so each alignment is read.
 *
 * @param shortest how many bytes the shortest secret has: what could not hold it is not read in the rarer codes
 */
export function* readRuns(text: string, shortest: number): Iterable<Layer> {
  yield* readSixes(text)
  yield* readHex(text)
  if (text.length < shortest * 1.2) return
  yield* readFives(text, Math.floor(shortest * 1.5))
  yield* readCapitals(text, Math.floor(shortest * 1.4))
  yield* readTokens(text, Math.floor(shortest * 1.2))
}

function* readSixes(text: string): Iterable<Layer> {
  for (const { 0: run, index } of text.matchAll(/[A-Za-z0-9+/_-]{14,}/g)) {
    const isMixed = looksEncoded(run)
    for (const layer of readBase64(run, index)) yield isMixed ? layer : { ...layer, guess: true }
    if (!isMixed) continue
    // A code that was itself turned round, rotated, or changed in case.
    const others: readonly (readonly [CanaryRendering, string])[] = [
      ['reversed', reverse(run)],
      ['rot13', rotateBy13(run)],
      ['case', swapCase(run)],
    ]
    for (const [step, other] of others)
      for (const layer of readBase64(other, index)) yield { ...layer, steps: [step, 'base64'], guess: true }
  }
  for (const { 0: run, index } of text.matchAll(/[A-Za-z0-9+\-./]{20,}/g)) {
    if (!looksEncoded(run)) continue
    for (const alphabet of otherSixes) {
      const usual = Array.from(run, (sign) => usualSixes.charAt(alphabet.indexOf(sign))).join('')
      for (const layer of readBase64(usual, index)) yield { ...layer, guess: true }
    }
  }
  // Wrapped in lines, spaced out, or written as strings to be joined.
  const squeezed = squeeze(text)
  if (squeezed.text.length === text.length || squeezed.text.length < 14) return
  for (const layer of readBase64(squeezed.text, 0)) yield { ...layer, guess: true, offset: 0 }
  if (!/[A-Za-z0-9+/_-]\r?\n[A-Za-z0-9+/_-]/.test(text)) return
  const lineless = text.replaceAll(/\s+/g, '')
  for (const { 0: run } of lineless.matchAll(/[A-Za-z0-9+/_-]{40,}/g))
    if (/[a-z][A-Z0-9]/.test(run)) yield { steps: ['base64'], offset: 0, content: Buffer.from(run, 'base64') }
}

const usualSixes = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

// Of xxencode and of crypt.
const otherSixes = [
  '+-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
]

// Small letters, capitals and digits in no order; words and names have a few such places at most.
function looksEncoded(run: string): boolean {
  if (!/[A-Z]/.test(run) || !/[a-z]/.test(run)) return false
  return (run.match(/[a-z](?=[A-Z0-9])|[A-Z0-9](?=[a-z])/g)?.length ?? 0) > run.length / 8
}

function* readBase64(run: string, offset: number): Iterable<Layer> {
  for (let shift = 0; shift < 4; shift++)
    yield {
      steps: ['base64'],
      offset: offset + shift,
      content: Buffer.from(shift === 0 ? run : run.slice(shift), 'base64'),
      guess: shift > 0,
    }
}

function* readHex(text: string): Iterable<Layer> {
  const bare = !/0x|\\x|&#x|U\+|%u|x[0-9a-f]{2}/i.test(text)
    ? text
    : text.replaceAll(/0x|\\x|\\u00|&#x|U\+00|%u00|x(?=[0-9a-f]{2}(?![g-z]))/gi, '')
  const digits = squeeze(bare)
  for (const { 0: run, index } of digits.text.matchAll(/[0-9A-Fa-f]{20,}/g)) {
    const offset = digits.placeOf(index)
    yield { steps: ['hex'], offset, content: Buffer.from(run, 'hex') }
    yield { steps: ['hex'], offset, content: Buffer.from(run.slice(1), 'hex'), guess: true }
    yield { steps: ['reversed', 'hex'], offset, content: Buffer.from(reverse(run), 'hex'), guess: true }
  }
}

const base32Alphabets = [
  'abcdefghijklmnopqrstuvwxyz234567',
  '0123456789abcdefghijklmnopqrstuv',
  '0123456789abcdefghjkmnpqrstvwxyz',
  'ybndrfg8ejkmcpqxot1uwisza345h769',
]

function* readFives(text: string, least: number): Iterable<Layer> {
  for (const { 0: run, index } of text.matchAll(/[A-Za-z0-9]{16,}/g))
    if (run.length >= least && isOneCase(run))
      for (const alphabet of base32Alphabets) yield* readBase32(run, alphabet, index)
  for (const { 0: run, index } of text.matchAll(/[A-Za-z2-7]{1,76}(?:[\s-]+[A-Za-z2-7]{1,76}){2,}/g)) {
    const groups = run.split(/[\s-]+/)
    const joined = groups.join('')
    // Words are of many lengths; groups are of one, or have digits in them.
    const isEven = groups.every(({ length }, at) => length === groups[0]?.length || at === groups.length - 1)
    if (joined.length < least || !isOneCase(joined)) continue
    if (isEven || /[a-z][2-7][a-z]/i.test(run)) yield* readBase32(joined, base32Alphabets[0] ?? '', index)
  }
}

function isOneCase(run: string): boolean {
  return !/[a-z]/.test(run) || !/[A-Z]/.test(run)
}

function* readBase32(run: string, alphabet: string, offset: number): Iterable<Layer> {
  const values = tableOf(alphabet, true)
  const digits = new Uint8Array(run.length)
  for (let at = 0; at < run.length; at++) {
    const value = values[run.charCodeAt(at)] ?? none
    if (value === none) return
    digits[at] = value
  }
  for (let shift = 0; shift < 8; shift++) {
    const bytes = new Uint8Array(Math.floor(((run.length - shift) * 5) / 8))
    let bits = 0
    let held = 0
    let count = 0
    for (let at = shift; at < digits.length; at++) {
      held = ((held << 5) | (digits[at] ?? 0)) & 0xffff
      bits += 5
      if (bits < 8) continue
      bits -= 8
      bytes[count++] = held >>> bits
    }
    yield { steps: ['base32'], offset: offset + shift, content: bytes, guess: true }
  }
}

const none = 255
const tables = new Map<string, Uint8Array>()

/** The value of each ASCII character in an alphabet. */
function tableOf(alphabet: string, anyCase = false): Uint8Array {
  const known = tables.get(alphabet)
  if (known !== undefined) return known
  const table = new Uint8Array(128).fill(none)
  for (const [value, sign] of Array.from(alphabet).entries()) {
    table[sign.charCodeAt(0)] = value
    if (anyCase) table[sign.toUpperCase().charCodeAt(0)] = value
  }
  tables.set(alphabet, table)
  return table
}

const bitcoin = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const digitsFirst = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const capitalsFirst = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

function* readTokens(text: string, least: number): Iterable<Layer> {
  for (const { 0: token, index: offset } of text.matchAll(/\S{12,}/g)) {
    if (token.length < least) continue
    yield* readSigns(token, offset)
    // What stands beside a sign of base64 is base64.
    for (const { 0: run, index } of token.matchAll(/(?<![A-Za-z0-9+/_-])[A-Za-z0-9]{12,}(?![+/_-])/g)) {
      if (run.length > longestNumber || run.length < least) continue
      const at = offset + index
      if (/^\d+$/.test(run)) yield { steps: ['big-number'], offset: at, content: fromNumber(BigInt(run)), guess: true }
      else if (isOneCase(run))
        yield { ...at36, offset: at, content: fromDigits(run.toLowerCase(), digitsFirst.slice(0, 36)) }
      else {
        if (/^[1-9A-HJ-NP-Za-km-z]+$/.test(run))
          yield { steps: ['base58'], offset: at, content: fromDigits(run, bitcoin), guess: true }
        yield { ...at36, offset: at, content: fromDigits(run, digitsFirst) }
        yield { ...at36, offset: at, content: fromDigits(run, capitalsFirst) }
      }
    }
  }
}

// The blank is a sign of base45 too, so it knows no tokens.
function* readCapitals(text: string, least: number): Iterable<Layer> {
  for (const { 0: run, index } of text.matchAll(/[0-9A-Z $%*+\-./:]{14,}/g)) {
    if (run.length < least || run.replaceAll(/[^0-9A-Z]/g, '').length < run.length / 2) continue
    for (let shift = 0; shift < 3; shift++)
      yield { steps: ['base45'], offset: index + shift, content: readBase45(run.slice(shift)), guess: true }
  }
}

const at36 = { steps: ['big-number'], guess: true } as const

const z85 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'
const ascii85 = Array.from({ length: 85 }, (_none, at) => String.fromCharCode(33 + at)).join('')
const rfc1924 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~'
const base45 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

function* readSigns(token: string, offset: number): Iterable<Layer> {
  if (!/[^\w\-\u0080-\uffff]/.test(token) && !looksEncoded(token)) return
  if ((token.match(/[\u0080-\uffff]/g)?.length ?? 0) > 4) return
  const inner = token.replace(/^["'`]?<~/, '').replace(/~>.*$/, '')
  for (const alphabet of [ascii85, z85, rfc1924]) {
    const table = tableOf(alphabet)
    const digits = Uint8Array.from(inner, (sign) => table[sign.charCodeAt(0)] ?? none)
    const foreign = digits.reduce((count, digit) => count + (digit === none ? 1 : 0), 0)
    // A few signs may stand around the code; a text in another alphabet has more of them.
    if (foreign > 4) continue
    const own = foreign === 0 ? digits : digits.filter((digit) => digit !== none)
    for (let shift = 0; shift < 5; shift++)
      yield { steps: ['base85'], offset: offset + shift, content: readBase85(own.subarray(shift)), guess: true }
  }
}

function readBase85(digits: Uint8Array): Uint8Array {
  const missing = (5 - (digits.length % 5)) % 5
  const bytes = new Uint8Array(((digits.length + missing) / 5) * 4)
  for (let at = 0, count = 0; at < digits.length; at += 5, count += 4) {
    let number = 0
    for (let next = at; next < at + 5; next++) number = number * 85 + (digits[next] ?? 84)
    bytes[count] = number >>> 24
    bytes[count + 1] = number >>> 16
    bytes[count + 2] = number >>> 8
    bytes[count + 3] = number
  }
  return bytes.subarray(0, bytes.length - missing)
}

function readBase45(run: string): Uint8Array {
  const table = tableOf(base45)
  const bytes = new Uint8Array(Math.ceil(run.length / 3) * 2)
  let count = 0
  for (let at = 0; at + 1 < run.length; at += 3) {
    const [low = 0, middle = 0, high = 0] = [0, 1, 2].map((next) => table[run.charCodeAt(at + next)])
    const number = low + middle * 45 + (at + 2 < run.length ? high : 0) * 2025
    if (at + 2 < run.length) bytes[count++] = number >>> 8
    bytes[count++] = number
  }
  return bytes.subarray(0, count)
}

function fromDigits(run: string, alphabet: string): Uint8Array {
  const table = tableOf(alphabet)
  const base = alphabet.length
  const power = BigInt(base ** 8)
  let number = 0n
  // Eight digits at a time fit a plain number.
  const first = run.length % 8
  for (let at = first === 0 ? 0 : first - 8; at < run.length; at += 8) {
    let value = 0
    for (let next = Math.max(0, at); next < at + 8; next++) {
      const digit = table[run.charCodeAt(next)] ?? none
      value = value * base + (digit === none ? 0 : digit)
    }
    number = number * power + BigInt(value)
  }
  return fromNumber(number)
}

function fromNumber(number: bigint): Uint8Array {
  const hex = number.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}

function reverse(text: string): string {
  let reversed = ''
  for (let at = text.length - 1; at >= 0; at--) reversed += text.charAt(at)
  return reversed
}

function rotateBy13(text: string): string {
  return text.replaceAll(/[A-Za-z]/g, (letter) =>
    String.fromCharCode(letter.charCodeAt(0) + ((letter.charCodeAt(0) & 31) <= 13 ? 13 : -13)),
  )
}

function swapCase(text: string): string {
  return text.replaceAll(/[A-Za-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) ^ 32))
}
