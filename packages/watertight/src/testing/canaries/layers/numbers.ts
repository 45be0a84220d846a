import type { CanaryRendering } from '../rendering.ts'
import type { Layer } from './layer.ts'
import { squeeze } from './squeeze.ts'

/** Reads lists of numbers, digits without separators and rows of two symbols as characters. */
export function* readNumbers(text: string): Iterable<Layer> {
  if (/\d/.test(text)) {
    yield* readLists(text)
    yield* readDigits(text)
  }
  yield* readTwoSymbols(text)
}

function* readLists(text: string): Iterable<Layer> {
  const numbers = text.match(/\d+/g) ?? []
  if (numbers.length < leastCodes) return
  const offset = text.search(/\d/)
  const values = numbers.map(Number)
  yield* readCodes(values, 'decimal', offset)
  for (const first of [0, 1]) yield* readAlphabet(values, first, ['letter-numbers'], offset)
  const octal = numbers.map((digits) => (/^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : 0))
  yield* readCodes(octal, 'octal', offset)
  yield { steps: ['substitution'], offset, content: Int32Array.from(values) }
  for (const bytes of runsWithin(values, 0, 255))
    if (bytes.some((byte) => byte > 127)) yield { steps: ['decimal'], offset, content: Uint8Array.from(bytes) }
}

function* readDigits(text: string): Iterable<Layer> {
  const squeezed = squeeze(text)
  const all = squeezed.text
  for (const { 0: run, index } of all.matchAll(/\d{20,}/g)) {
    const offset = squeezed.placeOf(index)
    for (let shift = 0; shift < 3; shift++) {
      const digits = shift === 0 ? run : run.slice(shift)
      const threes = digits.match(/\d{3}/g) ?? []
      // Three digits for what begins with 1, two for the rest: how codes look when nothing stands between them.
      yield* readCodes((digits.match(/1\d\d|\d\d/g) ?? []).map(Number), 'decimal', offset)
      yield* readCodes(threes.map(Number), 'decimal', offset)
      yield* readCodes(
        threes.map((code) => (/[89]/.test(code) ? 0 : Number.parseInt(code, 8))),
        'octal',
        offset,
      )
      const twos = (digits.match(/\d\d/g) ?? []).map(Number)
      for (const first of [0, 1]) yield* readAlphabet(twos, first, ['letter-numbers'], offset)
    }
    yield* readGroups(run, offset)
  }
}

// Symbols of a few signs each, for every width and place to begin.
function* readGroups(run: string, offset: number): Iterable<Layer> {
  const kinds = [...new Set(run)]
  const digits = Array.from(run, (sign) => kinds.indexOf(sign))
  for (const width of [2, 3, 4, 5, 6])
    for (let shift = 0; shift < width; shift++)
      yield { ...group(digits, width, shift, 'bits', offset, kinds.length), steps: ['substitution'] }
}

function* readTwoSymbols(text: string): Iterable<Layer> {
  const squeezed = squeeze(text)
  const all = squeezed.text
  for (const { 0: run, index } of all.matchAll(/[01]{50,}|[ABab]{50,}|[OIoi]{50,}|[lIi]{50,}/g)) {
    const one = /[1bIB]/
    yield* readBits(
      Array.from(run, (sign) => (one.test(sign) ? 1 : 0)),
      'binary',
      squeezed.placeOf(index),
    )
  }
  for (const { 0: run, index } of all.matchAll(/[ACGTUacgtu]{60,}/g)) yield* readGroups(run, squeezed.placeOf(index))
  const words = text.length < 50 ? [] : text.split(/[\s,;]+/)
  const [zero] = words
  if (words.length >= 50 && isOfTwo(words))
    yield* readBits(
      words.map((word) => (word === zero ? 0 : 1)),
      'bits',
      0,
    )
  const signs = text.replaceAll(/\s+/g, '')
  const [first] = signs
  if (text.length >= 50 && isOfTwo(signs))
    yield* readBits(
      Array.from(signs, (sign) => (sign === first ? 0 : 1)),
      'bits',
      0,
    )
  for (const { 0: run } of signs.matchAll(/[.-]{50,}|[_¯]{50,}|[|!]{50,}/g))
    yield* readBits(
      Array.from(run, (sign) => ('-¯!'.includes(sign) ? 1 : 0)),
      'bits',
      0,
    )
  yield* readInvisible(text)
  yield* readLetterCase(text)
}

function isOfTwo(symbols: Iterable<string>): boolean {
  const kinds = new Set<string>()
  for (const symbol of symbols) if (kinds.add(symbol).size > 2) return false
  return kinds.size === 2
}

// Blanks and tabs at the ends of lines, and characters without width.
function* readInvisible(text: string): Iterable<Layer> {
  const offset = text.search(invisible)
  if (offset !== -1) {
    const signs = text.match(new RegExp(invisible, 'gu')) ?? []
    const codes = signs.map((sign) => sign.codePointAt(0) ?? 0)
    const tags = codes.filter((code) => code >= 0xe0020 && code < 0xe007f).map((code) => code - 0xe0000)
    if (tags.length >= 5) yield { steps: ['tag-characters'], offset, content: fromCodes(tags) }
    const selectors = codes.flatMap((code) =>
      code >= 0xfe00 && code <= 0xfe0f
        ? [code - 0xfe00]
        : code >= 0xe0100 && code <= 0xe01ef
          ? [code - 0xe0100 + 16]
          : [],
    )
    if (selectors.length >= 5) yield { steps: ['invisible'], offset, content: Uint8Array.from(selectors) }
    yield* readKinds(
      codes.filter((code) => code < 0xfe00 || code === 0xfeff),
      offset,
    )
  }
  const blanks = text.match(/[ \t]/g) ?? []
  if (text.includes('\t') && blanks.length >= 50) {
    yield* readBits(
      blanks.map((sign) => (sign === '\t' ? 1 : 0)),
      'bits',
      0,
    )
    const ends = (text.match(/[ \t]+$/gm) ?? []).join('')
    if (ends.length >= 50)
      yield* readBits(
        Array.from(ends, (sign) => (sign === '\t' ? 1 : 0)),
        'bits',
        0,
      )
  }
}

const invisible = /[\p{Cf}\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u

// Two kinds are bits; of three, one is a separator; four and more are digits of a larger base, read by their pattern.
function* readKinds(codes: readonly number[], offset: number): Iterable<Layer> {
  const kinds = [...new Set(codes)]
  if (codes.length < 50 || kinds.length > 4) return
  for (const separator of kinds.length === 3 ? [undefined, ...kinds] : [undefined]) {
    const left = codes.filter((code) => code !== separator)
    const [zero] = left
    if (new Set(left).size === 2)
      yield* readBits(
        left.map((code) => (code === zero ? 0 : 1)),
        'bits',
        offset,
      )
  }
  const digits = codes.map((code) => kinds.indexOf(code))
  for (const width of [2, 3, 4])
    for (let shift = 0; shift < width; shift++) yield group(digits, width, shift, 'bits', offset, 4)
}

// Bacon's cipher: small letters and capitals.
function* readLetterCase(text: string): Iterable<Layer> {
  const capitals = text.match(/[A-Z]/g)?.length ?? 0
  // Cheap to tell from base64, which has a digit in every six characters.
  if (capitals < 15 || (text.match(/[0-9]/g)?.length ?? 0) > capitals / 8) return
  const letters = text.match(/[A-Za-z]/g) ?? []
  if (letters.length < 100 || capitals < letters.length / 8 || capitals > (letters.length * 7) / 8) return
  yield* readBits(
    letters.map((letter) => (letter <= 'Z' ? 1 : 0)),
    'bits',
    0,
  )
}

function* readBits(bits: readonly number[], step: CanaryRendering, offset: number): Iterable<Layer> {
  for (const [at, row] of [bits, bits.map((bit) => 1 - bit)].entries()) {
    for (const width of at === 0 ? [5, 6, 7, 8, 16] : [5, 7, 8]) {
      for (let shift = 0; shift < width; shift++) {
        const symbols = group(row, width, shift, step, offset)
        yield symbols
        if (width === 5)
          for (const first of [0, 1])
            yield* readAlphabet(Array.from(symbols.content), first, [step, 'letter-numbers'], offset)
        else if (width !== 6) yield { ...symbols, content: Uint8Array.from(symbols.content), guess: true }
      }
    }
  }
}

function group(
  digits: readonly number[],
  width: number,
  shift: number,
  step: CanaryRendering,
  offset: number,
  base = 2,
): Layer & { content: Int32Array } {
  const content = new Int32Array(Math.floor((digits.length - shift) / width))
  for (let at = 0; at < content.length; at++) {
    let value = 0
    for (let next = 0; next < width; next++) value = value * base + (digits[shift + at * width + next] ?? 0)
    content[at] = value
  }
  return { steps: [step], offset, content }
}

/** How many numbers in a row must be characters: fewer are numbers. */
const leastCodes = 8

function* readCodes(values: readonly number[], step: CanaryRendering, offset: number): Iterable<Layer> {
  for (const codes of runsWithin(values, 32, 0x1ffff))
    if (codes.every((code) => code < 127) || codes.every((code) => code > 127))
      yield { steps: [step], offset, content: fromCodes(codes) }
    else for (const ascii of runsWithin(codes, 32, 126)) yield { steps: [step], offset, content: fromCodes(ascii) }
}

function* readAlphabet(
  values: readonly number[],
  first: number,
  steps: readonly CanaryRendering[],
  offset: number,
): Iterable<Layer> {
  for (const run of runsWithin(values, first, first + 25))
    yield { steps, offset, content: fromCodes(run.map((value) => 97 + value - first)) }
}

function runsWithin(values: readonly number[], low: number, high: number): readonly (readonly number[])[] {
  const runs: number[][] = []
  let run: number[] = []
  for (const value of [...values, -1]) {
    if (value >= low && value <= high) run.push(value)
    else {
      if (run.length >= leastCodes) runs.push(run)
      run = []
    }
  }
  return runs
}

function fromCodes(values: readonly number[]): string {
  let text = ''
  for (const value of values) text += String.fromCodePoint(value)
  return text
}
