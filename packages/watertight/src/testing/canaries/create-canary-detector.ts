import type { Canary } from './canary.ts'
import { canaryLength, canaryLetters } from './create-canary.ts'
import { NeedleIndex, PatternIndex, prepare } from './needles.ts'
import { readSecret } from './letters.ts'
import type { CanaryReport } from './report.ts'
import { Search } from './search.ts'
import type { ScanLimits, Targets } from './search.ts'

/** Finds canaries, however they were rendered. */
export interface CanaryDetector {
  /**
   * Looks into a value: text, bytes, JSON, objects, lists, maps, errors; names of members too. Items of a list are also read
   * together, so the turns of a conversation are best given as one list.
   */
  scan(value: unknown): CanaryReport
  /** Begins to watch a stream: chunks may be split anywhere, inside a character too. */
  watch(): CanaryWatch
}

/** A stream that is being watched. */
export interface CanaryWatch {
  /** takes the next chunk */
  write(chunk: string | Uint8Array): void
  /** reports on all chunks, as one text */
  end(): CanaryReport
}

const usualLimits: ScanLimits = { characters: 32_000_000, depth: 8, members: 1_000_000, findings: 10_000 }

/**
 * Makes a detector of canaries.
 *
 * @param canaries what to look for: canaries of createCanary() or createTwins(), or secrets of your own, each with at least
 * 10 letters or digits. Of your own, fewer renderings are found: see the documentation.
 * @param limits how far a scan goes. A report that stopped at a limit says so, and is not clean
 * @throws {TypeError} when there is no canary, one is too short, or two share a label or a value
 */
export function createCanaryDetector(canaries: readonly Canary[], limits: Partial<ScanLimits> = {}): CanaryDetector {
  const targets = prepareTargets(canaries)
  const all = { ...usualLimits, ...limits }
  const scan = (value: unknown) => {
    const search = new Search(targets, all)
    search.value(value)
    return search.report()
  }
  return { scan, watch: () => watch(targets, all) }
}

function prepareTargets(canaries: readonly Canary[]): Targets {
  if (canaries.length === 0) throw new TypeError('A detector without canaries finds nothing: give it at least one.')
  for (const name of ['label', 'value'] as const)
    if (new Set(canaries.map((canary) => canary[name])).size < canaries.length)
      throw new TypeError(`Two canaries have one ${name}: a finding could not say whose it is.`)
  const needles = new NeedleIndex()
  const leetNeedles = new NeedleIndex()
  const patterns = new PatternIndex(canaryLength)
  const designed: (Uint8Array | undefined)[] = []
  for (const [number, { label, value }] of canaries.entries()) {
    if (readSecret(value).leet.length < 10 || new Set(value).size < 4)
      throw new TypeError(`The canary ${label} is too short to be told from other text: give it 10 letters or digits.`)
    const prepared = prepare(number, value, isDesigned(value))
    for (const needle of prepared.needles) needles.add(needle)
    for (const needle of prepared.leetNeedles) leetNeedles.add(needle)
    designed.push(prepared.designed)
    if (prepared.designed === undefined) continue
    patterns.add({ canary: number, codes: prepared.designed, backwards: false })
    patterns.add({ canary: number, codes: prepared.designed.toReversed(), backwards: true })
  }
  return {
    labels: canaries.map(({ label }) => label),
    values: canaries.map(({ value }) => value),
    designed,
    needles,
    leetNeedles,
    patterns,
    alphabet: new Set(readSecret(canaryLetters).letters),
    patternLength: canaryLength,
    shortest: Math.min(...canaries.map(({ value }) => Buffer.byteLength(value))),
  }
}

const ours = new RegExp(`^[${canaryLetters}]{${canaryLength}}$`)

function isDesigned(value: string): boolean {
  return ours.test(value)
}

function watch(targets: Targets, limits: ScanLimits): CanaryWatch {
  const chunks: Uint8Array[] = []
  const texts: string[] = []
  let size = 0
  let isOver = false
  return {
    write(chunk) {
      size += chunk.length
      // What is beyond the limit would not be looked at either.
      if (size > limits.characters) isOver = true
      else if (typeof chunk === 'string') texts.push(chunk)
      else {
        if (texts.length > 0) chunks.push(Buffer.from(texts.splice(0).join('')))
        chunks.push(Uint8Array.from(chunk))
      }
    },
    end() {
      const search = new Search(targets, limits)
      if (isOver) search.giveUp(`it is longer than ${limits.characters} characters, what is decoded included`)
      const rest = texts.join('')
      search.value(chunks.length === 0 ? rest : Buffer.concat([...chunks, Buffer.from(rest)]))
      return search.report()
    },
  }
}
