import { decompress } from './layers/decompress.ts'
import { readEscapes } from './layers/escapes.ts'
import { readMarked, readTogether } from './layers/hidden.ts'
import type { Layer } from './layers/layer.ts'
import { readNumbers } from './layers/numbers.ts'
import { readPieces } from './layers/pieces.ts'
import { findReadable } from './layers/readable.ts'
import { readRuns } from './layers/runs.ts'
import { readWords } from './layers/words.ts'
import { readRows } from './letters.ts'
import type { Letters } from './letters.ts'
import { keepLetters } from './needles.ts'
import type { NeedleIndex, Pattern, PatternIndex, Run } from './needles.ts'
import { nameRendering } from './name-rendering.ts'
import type { CanaryRendering } from './rendering.ts'
import type { CanaryFinding, CanaryReport } from './report.ts'
import { describePlace, walk } from './walk.ts'
import type { FoundText, Place } from './walk.ts'

/** The secrets, ready to be looked for. */
export interface Targets {
  readonly labels: readonly string[]
  readonly values: readonly string[]
  /** letters of each secret; only those of ours have any */
  readonly designed: readonly (Uint8Array | undefined)[]
  readonly needles: NeedleIndex
  readonly leetNeedles: NeedleIndex
  readonly patterns: PatternIndex
  /** the letters that secrets of ours are made of */
  readonly alphabet: ReadonlySet<number>
  readonly patternLength: number
  /** how many bytes the shortest secret has */
  readonly shortest: number
}

/** How far a scan goes. What lies beyond is told in the report, which then is not clean. */
export interface ScanLimits {
  /** how many characters are looked at, what is decoded included */
  readonly characters: number
  /** how many codes lie in one another */
  readonly depth: number
  /** how many members of a value are read */
  readonly members: number
  /** how many findings are told */
  readonly findings: number
}

/** The way to a text: where it stands, and what was undone to read it. */
interface Trail {
  readonly place: Place | undefined
  readonly steps: readonly CanaryRendering[]
  readonly depth: number
  /** where the outermost code begins; undefined for the text itself */
  readonly offset: number | undefined
  /** where a part of a longer text begins in it */
  readonly base: number
  /** every escape was undone */
  readonly unescaped?: boolean
}

interface Found extends Omit<CanaryFinding, 'at' | 'canary'> {
  /** the number of the canary */
  readonly canary: number
  readonly place: Place | undefined
}

/** Longer texts are looked at in parts, so that memory stays bounded. */
const partLength = 256 * 1024
const overlap = 4 * 1024

/** Codes in which bytes are written; others write letters. */
const carriesBytes: ReadonlySet<CanaryRendering> = new Set(['base64', 'hex', 'base32', 'base85', 'binary'])

/** Codes in which short pieces are written, each by itself. */
const pieceEncodings = ['base64', 'hex'] as const

/** How gzip, zip and zstd begin, in a text of which each character is a byte. */
const packed = ['\x1f\x8b\x08', 'PK\x03\x04', '\x28\xb5\x2f\xfd']

/** The letters that must be in a row when the others between them were left out. */
const leastOfRow = 20

/** One scan: what it has found, and what it may still look at. */
export class Search {
  readonly #targets: Targets
  readonly #limits: ScanLimits
  readonly #findings: Found[] = []
  readonly #known = new Set<string>()
  readonly #whole = new Set<number>()
  readonly #gaveUp = new Set<string>()
  /** which letters of each secret were seen anywhere */
  readonly #covered = new Map<number, { letters: Set<number>; place: Place | undefined; offset: number }>()
  readonly #places = new Map<Place | undefined, number>()
  readonly #seen = new Set<string>()
  #looked = 0
  #stopped = false

  constructor(targets: Targets, limits: ScanLimits) {
    this.#targets = targets
    this.#limits = limits
  }

  value(value: unknown): void {
    const texts = walk(value, this.#limits.members, (reason) => this.#gaveUp.add(reason))
    for (const { place, kind, content } of texts) {
      const trail: Trail = { place, steps: kind === 'key' ? ['keys'] : [], depth: 0, offset: undefined, base: 0 }
      if (typeof content === 'string') this.#long(content, trail)
      else this.#bytes(content, trail, false)
    }
    if (texts.length > 1) this.#across(texts)
  }

  report(): CanaryReport {
    this.#tellPieces()
    const findings = this.#findings.filter((finding) => !this.#isToldBetter(finding))
    // A name that was part of a finding must not be printed in the path to another one.
    const positions = findings.some(({ rendering }) => rendering.includes('keys'))
    return {
      clean: findings.length === 0 && this.#gaveUp.size === 0,
      findings: findings.map(({ canary, place, ...finding }) => ({
        canary: this.#targets.labels[canary] ?? '',
        ...finding,
        at: describePlace(place, positions),
      })),
      gaveUp: [...this.#gaveUp],
      looked: this.#looked,
    }
  }

  // What is left of a code when its case is lost is also found where the code is whole.
  #isToldBetter({ canary, place, rendering }: Found): boolean {
    if (rendering.length < 2 || rendering.at(-1) !== 'case') return false
    const code = rendering.at(-2)
    return this.#findings.some(
      (other) =>
        other.canary === canary &&
        other.place === place &&
        other.rendering.includes(code ?? 'case') &&
        other.rendering.at(-1) !== 'case',
    )
  }

  /** Notes that something was not looked at. */
  giveUp(reason: string): void {
    this.#gaveUp.add(reason)
  }

  #long(text: string, trail: Trail): void {
    for (let base = 0; ; base += partLength - overlap) {
      const part = base === 0 && text.length <= partLength ? text : text.slice(base, base + partLength)
      this.#text(part, { ...trail, base: trail.base + base })
      if (base + partLength >= text.length || this.#stopped) return
    }
  }

  /** One text: its own letters, what its parts say together, and what can be decoded in it. */
  #text(text: string, trail: Trail): void {
    if (text.length < 2 || !this.#charge(text.length)) return
    if (trail.depth > 0 && !this.#isNew(text)) return
    const own = this.#letters(text, trail)
    if (text.length < 10) return
    const lines = text.includes('\n') ? text.split(/\r?\n/) : []
    this.#together(lines, trail, own)
    if (lines.length > 1 && trail.depth < this.#limits.depth)
      this.#pieces(lines, {
        ...trail,
        steps: [...trail.steps, 'split'],
        depth: trail.depth + 1,
        offset: trail.offset ?? trail.base,
      })
    for (const layer of readMarked(text)) this.#aside(layer, trail, own)
    if (packed.some((magic) => text.includes(magic))) this.#inflate(Buffer.from(text, 'latin1'), trail, true)
    if (text.includes('{') || text.includes('[')) this.#json(text, trail)
    if (trail.depth >= this.#limits.depth) {
      if (this.#hasMore(text)) this.#gaveUp.add(`codes lie in one another more than ${trail.depth} deep`)
      return
    }
    if (trail.unescaped !== true) for (const layer of readEscapes(text)) this.#layer(layer, trail)
    for (const layer of readRuns(text, this.#targets.shortest)) this.#layer(layer, trail)
    for (const layer of readNumbers(text)) this.#layer(layer, trail)
    for (const layer of readWords(text)) this.#layer(layer, trail)
  }

  // Where the depth ends: whether there is another code to undo.
  #hasMore(text: string): boolean {
    const runs = [...readRuns(text, this.#targets.shortest)]
    return runs.some(
      ({ guess, content }) => guess !== true && content instanceof Uint8Array && findReadable(content, 8).length > 0,
    )
  }

  #layer({ steps, offset, content, guess = false, unescaped = false }: Layer, trail: Trail): void {
    const next: Trail = {
      place: trail.place,
      steps: [...trail.steps, ...steps],
      depth: trail.depth + 1,
      offset: trail.offset ?? trail.base + offset,
      base: 0,
      unescaped,
    }
    if (typeof content === 'string') this.#text(content, next)
    else if (content instanceof Int32Array) this.#symbols(content, next)
    else this.#bytes(content, next, guess)
  }

  #bytes(bytes: Uint8Array, trail: Trail, guess: boolean): void {
    if (bytes.length < 2 || !this.#charge(bytes.length / 4)) return
    const offset = (at: number) => (trail.offset === undefined ? { base: trail.base + at } : {})
    if (!guess) {
      if (trail.depth === 0) this.#rawBytes(bytes, trail)
      this.#patterned(bytes, bytes.length, undefined, trail, new Set())
    }
    const parts = findReadable(bytes, guess ? Math.floor(this.#targets.shortest * 0.7) : 8)
    for (const part of parts) if (trail.depth > 0) this.#text(part.text, { ...trail, ...offset(part.offset) })
    const isText = parts.length === 1 && parts[0]?.offset === 0 && bytes.length <= Buffer.byteLength(parts[0].text)
    const isCode = !guess || carriesBytes.has(trail.steps.at(-1) ?? 'exact')
    if (!isText && isCode) this.#inflate(bytes, trail, guess)
  }

  #inflate(bytes: Uint8Array, trail: Trail, guess: boolean): void {
    if (trail.depth >= this.#limits.depth) return
    for (const inflated of decompress(bytes, guess, (reason) => this.#gaveUp.add(reason))) {
      this.#charge(4000)
      const steps = [...trail.steps, 'compressed' as const]
      this.#bytes(
        inflated.bytes,
        {
          ...trail,
          steps,
          depth: trail.depth + 1,
          offset: trail.offset ?? trail.base + inflated.offset,
          unescaped: false,
        },
        false,
      )
    }
  }

  // Bytes that were given as such: as UTF-8 where they are, else each byte as a character.
  #rawBytes(bytes: Uint8Array, trail: Trail): void {
    for (let base = 0; base < bytes.length && !this.#stopped; base += partLength - overlap) {
      const part = Buffer.from(bytes.buffer, bytes.byteOffset + base, Math.min(partLength, bytes.length - base))
      const text = part.toString('latin1')
      const decoded = part.toString()
      this.#text(text, { ...trail, base: trail.base + base })
      if (decoded !== text) this.#text(decoded, { ...trail, base: trail.base + base })
      for (const wide of wideTexts(part))
        this.#text(wide, { ...trail, steps: [...trail.steps, 'wide-characters'], base: trail.base + base })
      if (base + partLength >= bytes.length) return
    }
  }

  #symbols(symbols: Int32Array, trail: Trail): void {
    if (this.#charge(symbols.length)) this.#patterned(symbols, symbols.length, undefined, trail, new Set())
  }

  /** Looks for every secret among the letters of a text, and returns those that it found whole. */
  #letters(text: string, trail: Trail): ReadonlySet<number> {
    const { letters, leet, characters } = readRows(text)
    const found = new Set<number>()
    this.#row(text, letters, trail, found, false)
    this.#row(text, leet ?? letters, trail, found, leet !== undefined, this.#targets.leetNeedles)
    if (this.#targets.designed.some((codes) => codes !== undefined)) {
      this.#kept(letters, trail, found)
      this.#patterned(characters.codes, characters.length, characters.places, trail, found, text)
      this.#patterned(letters.codes, letters.length, letters.places, trail, found)
      this.#words(text, trail, found)
      this.#signs(text, trail, found)
    }
    for (const stride of [2, 3, 4]) {
      const row = letters
      this.#targets.needles.find(row.codes, row.length, stride, (run) => {
        if (run.length < run.needle.codes.length || found.has(run.needle.canary)) return
        this.#tell(run.needle.canary, 'whole', trail, ['interleaved', ...run.needle.steps], row.places[run.start] ?? 0)
        found.add(run.needle.canary)
      })
    }
    return found
  }

  #row(
    text: string,
    row: Letters,
    trail: Trail,
    found: Set<number>,
    isLeet: boolean,
    index = this.#targets.needles,
  ): void {
    index.find(row.codes, row.length, 1, (run) => {
      const { needle } = run
      if (needle.plain && needle.steps.length === 0) this.#cover(run, trail, row.places[run.start] ?? 0)
      if (run.length < needle.minimum || (isLeet && found.has(needle.canary))) return
      const isWhole = run.length === needle.codes.length
      const start = row.places[run.start] ?? 0
      const last = row.places[run.start + run.length - 1] ?? 0
      const slice = text.slice(start, last + ((text.codePointAt(last) ?? 0) > 0xffff ? 2 : 1))
      const value = this.#targets.values[needle.canary] ?? ''
      const isCode = needle.steps.at(-1) === 'case'
      const names = isCode ? [] : nameRendering(slice, valueAs(value, needle.steps), isLeet && hasLeet(slice))
      const steps = [...names.filter((name) => name !== 'exact' || needle.steps.length === 0), ...needle.steps]
      this.#tell(needle.canary, isWhole ? 'whole' : 'part', trail, steps, start)
      if (isWhole && needle.steps.length === 0) found.add(needle.canary)
    })
  }

  // Only the letters that secrets of ours are made of: whatever was put between them is gone, but for a few of the same.
  #kept(letters: Letters, trail: Trail, found: Set<number>): void {
    const row = keepLetters(letters, this.#targets.alphabet)
    if (row.length < leastOfRow) return
    const tell = (run: Run, steps: readonly CanaryRendering[]) => {
      const { canary } = run.needle
      if (found.has(canary) || this.#targets.designed[canary] === undefined) return
      this.#tell(canary, 'whole', trail, [...steps, ...run.needle.steps], row.places[run.start] ?? 0)
      found.add(canary)
    }
    if (row.length < letters.length)
      this.#targets.needles.find(row.codes, row.length, 1, (run) => {
        const { needle } = run
        if (run.length >= Math.max(leastOfRow, needle.plain ? 0 : needle.minimum)) tell(run, ['filler'])
        else if (needle.plain && run.length >= 7 && isNear(run, row)) tell(run, ['filler'])
      })
    for (const stride of [2, 3])
      this.#targets.needles.find(row.codes, row.length, stride, (run) => {
        if (run.needle.plain && run.length >= leastOfRow) tell(run, ['interleaved'])
      })
  }

  #patterned(
    codes: Int32Array | Uint8Array,
    length: number,
    places: Uint32Array | undefined,
    trail: Trail,
    found: Set<number>,
    text?: string,
  ): void {
    this.#targets.patterns.find(codes, length, (pattern, start) => {
      if (found.has(pattern.canary)) return
      const name = nameSubstitution(pattern, codes, start, text === undefined && places !== undefined)
      if (name === undefined) return
      const steps: CanaryRendering[] = pattern.backwards ? [name, 'reversed'] : [name]
      this.#tell(pattern.canary, 'whole', trail, steps, places === undefined ? start : (places[start] ?? 0))
      if (text !== undefined) found.add(pattern.canary)
    })
  }

  // Words, numbers and signs between separators, each as one symbol.
  #words(text: string, trail: Trail, found: Set<number>): void {
    for (const isWord of [isAlphanumeric, isSolid]) {
      const symbols = new Int32Array((text.length >> 1) + 1)
      const places = new Uint32Array(symbols.length)
      let count = 0
      let hash = 0
      for (let at = 0; at <= text.length; at++) {
        const code = at === text.length ? 32 : text.charCodeAt(at)
        if (isWord(code)) {
          if (hash === 0) places[count] = at
          hash = (Math.imul(hash, 31) + (code >= 65 && code <= 90 ? code + 32 : code) + 1) | 0
        } else if (hash !== 0) {
          symbols[count++] = hash
          hash = 0
        }
      }
      if (count >= this.#targets.patternLength) this.#patterned(symbols, count, places, trail, found)
    }
  }

  // Signs that are drawn like letters; only the letters of our secrets have been worked out.
  #signs(text: string, trail: Trail, found: Set<number>): void {
    if (!/[|<>\\/_{}()%*;\]¿29]/.test(text)) return
    let drawn = text
    for (const [sign, letter] of drawings) drawn = drawn.replaceAll(sign, letter)
    if (drawn === text) return
    const { letters } = readRows(drawn)
    this.#targets.needles.find(letters.codes, letters.length, 1, (run) => {
      const { needle } = run
      if (run.length < needle.codes.length || found.has(needle.canary)) return
      this.#tell(needle.canary, 'whole', trail, ['leet', ...needle.steps], 0)
      found.add(needle.canary)
    })
  }

  #together(texts: readonly string[], trail: Trail, own: ReadonlySet<number>): void {
    for (const layer of readTogether(texts.filter((text) => text !== ''))) this.#aside(layer, trail, own)
  }

  // What a text says beside its words: its letters alone are looked at.
  #aside({ steps, content }: Layer, trail: Trail, own: ReadonlySet<number>): void {
    if (typeof content !== 'string' || content.length < 10 || !this.#charge(content.length)) return
    const { letters } = readRows(content)
    const found = new Set(own)
    const next = { ...trail, steps: [...trail.steps, ...steps], offset: trail.offset ?? trail.base }
    const tell = (run: Run) => {
      const { canary } = run.needle
      if (run.length < run.needle.codes.length || found.has(canary)) return
      this.#tell(canary, 'whole', next, run.needle.steps, 0)
      found.add(canary)
    }
    for (const stride of [1, 2, 3]) this.#targets.needles.find(letters.codes, letters.length, stride, tell)
    this.#targets.leetNeedles.find(letters.codes, letters.length, 1, tell)
    this.#kept(letters, next, found)
    this.#patterned(letters.codes, letters.length, letters.places, next, found)
    if (steps[0] !== 'column' || trail.depth >= this.#limits.depth) return
    for (const layer of readRuns(content, this.#targets.shortest)) this.#layer(layer, next)
  }

  // A text that is JSON, or that has a line of it for each event.
  #json(text: string, trail: Trail): void {
    if (trail.depth >= this.#limits.depth) return
    const values: readonly unknown[] = [text, ...(text.includes('\n') ? text.split('\n') : [])].flatMap((line) => {
      const start = line.search(/[{[]/)
      if (start === -1 || start > 40) return []
      try {
        const value: unknown = JSON.parse(line.slice(start))
        return [value]
      } catch {
        return []
      }
    })
    const [first] = values
    if (first === undefined) return
    const value = values.length === 1 ? first : values
    if (typeof value !== 'object') return
    const texts = walk(value, this.#limits.members, (reason) => this.#gaveUp.add(reason))
    const next: Trail = {
      ...trail,
      steps: [...trail.steps, 'json'],
      unescaped: false,
      depth: trail.depth + 1,
      offset: trail.offset ?? trail.base,
    }
    // Each text of it has been read as a part of this one; what is new is what they say together.
    for (const { content } of texts) if (typeof content === 'string' && content.length >= 10) this.#text(content, next)
    this.#across(texts, next)
  }

  /** What the texts of one value say together: over fields, items, turns, names of members and numbers. */
  #across(
    texts: readonly FoundText[],
    trail: Trail = { place: undefined, steps: [], depth: 0, offset: undefined, base: 0 },
  ): void {
    const strings = texts.flatMap(({ content, ...rest }) =>
      typeof content === 'string' && content.length <= partLength ? [{ content, ...rest }] : [],
    )
    if (texts.some(({ content }) => content.length > partLength))
      this.#gaveUp.add(`texts of more than ${partLength} characters are not read together with others`)
    const values = strings.filter(({ kind }) => kind === 'value')
    const keys = strings.filter(({ kind }) => kind === 'key')
    const numbers = strings.filter(({ kind }) => kind === 'number')
    const total = strings.reduce((sum, { content }) => sum + content.length, 0)
    if (total > 16 * partLength) this.#gaveUp.add('the texts of the value are too many to be read together')
    const known = new Set<string>()
    for (const group of [values, ...columnsOf(values)]) this.#group(group, ['split'], trail, known)
    this.#group(keys, ['split', 'keys'], trail, known)
    for (const group of [numbers, ...columnsOf(numbers)]) this.#group(group, ['split'], trail, known, ' ')
    // In another order than they are listed, their letters alone.
    const named = strings.filter(({ kind }) => kind !== 'number')
    for (const group of ordersOf(strings)) this.#joined(group, ['split'], trail, known)
    if (keys.length > 0) this.#joined(named, ['split', 'keys'], trail, known)
  }

  #joined(
    group: readonly StringText[],
    steps: readonly CanaryRendering[],
    trail: Trail,
    known: Set<string>,
    glue = '',
  ): { readonly text: string; readonly trail: Trail } | undefined {
    if (group.length < 2 || this.#stopped) return undefined
    const text = group.map(({ content }) => content).join(glue)
    if (text.length > 16 * partLength || known.has(text) || !this.#charge(text.length)) return undefined
    known.add(text)
    const next: Trail = {
      ...trail,
      place: trail.place ?? group[0]?.place,
      steps: [...trail.steps, ...steps],
      depth: trail.depth + 1,
      offset: trail.offset ?? 0,
      unescaped: false,
    }
    this.#letters(text, next)
    return { text, trail: next }
  }

  #group(
    group: readonly StringText[],
    steps: readonly CanaryRendering[],
    trail: Trail,
    known: Set<string>,
    glue = '',
  ): void {
    const joined = this.#joined(group, steps, trail, known, glue)
    if (joined === undefined) return
    const next = joined.trail
    const contents = group.map(({ content }) => content)
    for (const layer of readRuns(joined.text, this.#targets.shortest)) this.#layer(layer, next)
    for (const layer of readNumbers(joined.text)) this.#layer(layer, next)
    this.#together(contents, next, this.#whole)
    this.#pieces(contents, next)
  }

  /** What several texts hold in pieces of a code: together, or each encoded by itself. */
  #pieces(texts: readonly string[], trail: Trail): void {
    for (const encoding of pieceEncodings) this.#decoded(texts, encoding, trail)
    for (const pieces of readPieces(texts)) {
      const together = pieces.join('')
      if (!this.#charge(together.length)) return
      for (const layer of readRuns(together, this.#targets.shortest)) this.#layer({ ...layer, offset: 0 }, trail)
      for (const encoding of pieceEncodings) this.#decoded(pieces, encoding, trail)
    }
  }

  #decoded(texts: readonly string[], encoding: 'base64' | 'hex', trail: Trail): void {
    const sign = encoding === 'hex' ? /^(?:[0-9a-f]{2})+$/i : /^[A-Za-z0-9+/_-]{2,}={0,2}$/
    if (texts.filter((text) => sign.test(text)).length < 2) return
    const decoded = texts.map((text) => (sign.test(text) ? Buffer.from(text, encoding).toString() : '')).join('')
    this.#text(decoded, { ...trail, steps: [...trail.steps, encoding] })
  }

  #cover({ needle, from, length }: Run, { place }: Trail, offset: number): void {
    const covered = this.#covered.get(needle.canary) ?? { letters: new Set<number>(), place, offset }
    for (let at = from; at < from + length; at++) covered.letters.add(at)
    this.#covered.set(needle.canary, covered)
  }

  // Pieces of six letters and more, in any order and anywhere, that make up most of one secret.
  #tellPieces(): void {
    for (const [canary, { letters, place, offset }] of this.#covered) {
      const length = this.#targets.designed[canary]?.length ?? 0
      if (this.#whole.has(canary) || length === 0 || letters.size < (length * 3) / 4) continue
      this.#tell(canary, 'part', { place, steps: [], depth: 0, offset, base: 0 }, ['pieces'], offset)
    }
  }

  #tell(canary: number, extent: 'whole' | 'part', trail: Trail, steps: readonly CanaryRendering[], at: number): void {
    const joined = trail.steps.some((step) => step === 'split' || step === 'json')
    // What one field shows by itself is told once, for the field.
    if (joined && (this.#whole.has(canary) || extent === 'part')) return
    const rendering = [...trail.steps, ...steps.filter((step) => step !== 'exact' || trail.steps.length === 0)]
    const offset = trail.offset ?? trail.base + at
    const place = this.#numberOf(trail.place)
    const key = `${canary} ${place} ${rendering.join()} ${trail.offset === undefined ? offset : ''}`
    if (this.#known.has(key) || (extent === 'part' && this.#known.has(`${canary} ${place}`))) return
    if (this.#findings.length >= this.#limits.findings) {
      this.#gaveUp.add(`there are more than ${this.#limits.findings} findings`)
      return
    }
    this.#known.add(key)
    if (extent === 'whole') {
      this.#known.add(`${canary} ${place}`)
      this.#whole.add(canary)
    }
    this.#findings.push({ canary, extent, rendering, place: trail.place, offset })
  }

  #numberOf(place: Place | undefined): number {
    const number = this.#places.get(place) ?? this.#places.size
    this.#places.set(place, number)
    return number
  }

  // The same text comes out of many codes: it is looked at once.
  #isNew(text: string): boolean {
    if (text.length > 4096) return true
    if (this.#seen.has(text)) return false
    if (this.#seen.size < 100_000) this.#seen.add(text)
    return true
  }

  #charge(characters: number): boolean {
    this.#looked += Math.ceil(characters)
    if (this.#looked <= this.#limits.characters) return true
    this.#stopped = true
    this.#gaveUp.add(`it is longer than ${this.#limits.characters} characters, what is decoded included`)
    return false
  }
}

type StringText = FoundText & { readonly content: string }

function columnsOf(texts: readonly StringText[]): readonly (readonly StringText[])[] {
  return [...Map.groupBy(texts, ({ column }) => column).values()].filter(
    (group) => group.length > 1 && group.length < texts.length,
  )
}

// Members and items in the order that their names or numbers give: part_2 before part_10, { index: 3 } after { index: 2 }.
function ordersOf(texts: readonly StringText[]): readonly (readonly StringText[])[] {
  const values = texts.filter(({ kind }) => kind === 'value')
  const orders = [values.toReversed(), values.toSorted((left, right) => compareNatural(nameOf(left), nameOf(right)))]
  const items = Map.groupBy(texts, ({ place }) => place?.parent)
  const numbered = [...items.values()].flatMap((members) => {
    const number = members.find(({ kind }) => kind === 'number')
    const own = members.filter(({ kind }) => kind === 'value')
    return number === undefined || own.length === 0 ? [] : [{ number: Number(number.content), own }]
  })
  if (numbered.length > 1)
    orders.push(numbered.toSorted((left, right) => left.number - right.number).flatMap(({ own }) => own))
  return orders
}

function nameOf({ place }: StringText): string {
  return String(place?.name ?? '')
}

function compareNatural(left: string, right: string): number {
  const [leftNumber, rightNumber] = [left, right].map((name) => Number(/\d+/.exec(name)?.[0] ?? Number.NaN))
  if (
    leftNumber !== undefined &&
    rightNumber !== undefined &&
    leftNumber !== rightNumber &&
    !Number.isNaN(leftNumber - rightNumber)
  )
    return leftNumber - rightNumber
  return left < right ? -1 : left > right ? 1 : 0
}

function isAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122) || code > 127
}

function isSolid(code: number): boolean {
  return code > 32 && code !== 47 && code !== 124 && code !== 44 && code !== 59
}

function hasLeet(slice: string): boolean {
  return /[0-9@$!]/.test(slice)
}

const drawings: readonly (readonly [sign: string, letter: string])[] = [
  ['|<', 'k'],
  ['|{', 'k'],
  ['|(', 'k'],
  ['\\/', 'v'],
  ['_|', 'j'],
  ['_/', 'j'],
  ['><', 'x'],
  ['}{', 'x'],
  [')(', 'x'],
  ['(_,)', 'q'],
  ['()_', 'q'],
  ['0_', 'q'],
  ['O,', 'q'],
  ['7_', 'z'],
  ['>_', 'z'],
  ['2', 'z'],
  ['%', 'x'],
  ['*', 'x'],
  ['9', 'q'],
  [';', 'j'],
  [']', 'j'],
  ['¿', 'j'],
]

// The forms of a secret that stand in a text when it was not moved about: to be compared with what was found there.
function valueAs(value: string, steps: readonly CanaryRendering[]): string {
  if (steps.length === 1 && steps[0] === 'reversed') return Array.from(value).toReversed().join('')
  return steps.length === 0 ? value : ''
}

/** How many letters too many a stretch may have on each side of a secret, among few of its letters and among many. */
const [fewAround, manyAround] = [8, 3]

// Words hold few of the letters that secrets of ours are made of: what is left of them is a few letters too many, and one
// may be lost. Base64 and noise hold many, among which a stretch so wide has most secrets by chance.
function isNear(run: Run, row: Letters): boolean {
  const wanted = run.needle.codes
  const [first, last] = stretchAround(run, row, fewAround)
  const characters = (row.places[last - 1] ?? 0) - (row.places[first] ?? 0)
  const isSparse = last - first - wanted.length <= characters / 20
  return holdsMost(wanted, row.codes, isSparse ? [first, last] : stretchAround(run, row, manyAround))
}

function stretchAround({ needle, from, start }: Run, { length }: Letters, around: number): readonly [number, number] {
  return [Math.max(0, start - from - around), Math.min(length, start - from + needle.codes.length + around)]
}

// All the letters of a secret but one, in their order: the longest common subsequence.
function holdsMost(wanted: Uint8Array, codes: Letters['codes'], [first, last]: readonly [number, number]): boolean {
  let row = new Uint8Array(last - first + 1)
  for (const code of wanted) {
    const next = new Uint8Array(row.length)
    for (let at = 1; at < row.length; at++)
      next[at] = codes[first + at - 1] === code ? (row[at - 1] ?? 0) + 1 : Math.max(row[at] ?? 0, next[at - 1] ?? 0)
    row = next
  }
  return (row.at(-1) ?? 0) >= wanted.length - 1
}

// UTF-16 and UTF-32 of letters that are no ASCII; the others are found between the zeros.
function wideTexts(part: Buffer): readonly string[] {
  if (part.length < 20 || part.length % 2 !== 0) return []
  const swapped = Buffer.from(part).swap16()
  return [part, swapped]
    .map((bytes) => bytes.toString('utf16le'))
    .filter((text) => (text.match(/[\p{L}\p{M}]/gu)?.length ?? 0) > text.length * 0.9)
}

function nameSubstitution(
  { codes: secret }: Pattern,
  symbols: Int32Array | Uint8Array,
  start: number,
  isAlphabet: boolean,
): CanaryRendering | undefined {
  const pairs = Array.from(secret, (code, at) => [isAlphabet ? code : code + 97, symbols[start + at] ?? 0] as const)
  const [[first, image] = [0, 0]] = pairs
  const shift = image - first
  if (pairs.every(([code, symbol]) => symbol - code === 0)) return undefined
  if (isAlphabet) {
    if (pairs.every(([code, symbol]) => (symbol - code - shift) % 26 === 0))
      return shift === 13 || shift === -13 ? 'rot13' : 'caesar'
    return pairs.every(([code, symbol]) => symbol === 25 - code) ? 'atbash' : 'substitution'
  }
  if (pairs.every(([code, symbol]) => symbol === 33 + ((code - 33 + 47) % 94))) return 'rot47'
  return pairs.every(([code, symbol]) => (code ^ symbol) === (first ^ image)) && image < 256 ? 'xor' : 'substitution'
}
