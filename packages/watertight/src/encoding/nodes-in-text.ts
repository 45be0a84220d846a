import type { Json } from './json.ts'

/** A list or an object of JSON. The members as they are written: a name that is written twice is there twice. */
export type JsonNode =
  | { readonly items: readonly Json[] }
  | { readonly members: readonly (readonly [name: string, value: Json])[] }

/**
 * Finds every list and object of the JSON that a text holds, wherever it starts: behind a prefix, in a fence, line after
 * line. What a parser would drop or refuse is told all the same, as somebody else's parser may not: each of several
 * members of one name (RFC 8259, section 4: the behaviour is unpredictable), words such as `NaN`, a comma too many, and
 * what stands before the end of a text that was cut off.
 *
 * Takes time in proportion to the text: what was read up to where it stops to be JSON is not read again.
 *
 * @returns the text around that JSON
 */
export function* nodesInText(text: string): Generator<JsonNode, string> {
  let around = ''
  let from = 0
  for (;;) {
    const start = findOpening(text, from)
    if (start === -1) return around + text.slice(from)
    const reader = new FragmentReader(text, start)
    yield* reader.read()
    around += text.slice(from, reader.isWhole ? start : reader.end)
    from = reader.end
  }
}

// Whatever holds no name and no text holds nothing that is looked for.
function findOpening(text: string, from: number): number {
  const opening = /[{[]\s*["[{]/g
  opening.lastIndex = from
  return opening.exec(text)?.index ?? -1
}

interface Frame {
  readonly isList: boolean
  readonly items: Json[]
  readonly members: (readonly [string, Json])[]
  /** the name whose value comes next */
  name: string | undefined
}

class FragmentReader {
  readonly #text: string
  readonly #open: Frame[] = []
  #at: number
  #lastText = -1
  /** whether everything that was opened was closed */
  isWhole = false

  constructor(text: string, start: number) {
    this.#text = text
    this.#at = start
  }

  // The last text may have been none, as in `{"a":"{"tenantId":1}`: what starts at its end is still to be looked at.
  get end(): number {
    return this.isWhole || this.#lastText === -1 ? this.#at : this.#lastText + 1
  }

  *read(): Iterable<JsonNode> {
    for (;;) {
      const token = this.#next()
      if (token === '{' || token === '[') this.#open.push(frameOf(token))
      else if (token === '}' || token === ']') {
        const closed = this.#close(token)
        if (closed === undefined) break
        yield nodeOf(closed)
        if (this.isWhole) return
      } else if (token === undefined || !this.#take(token)) break
    }
    for (const frame of this.#open) yield nodeOf(frame)
  }

  // What stands next, read only where it may stand: otherwise the reading ends in front of it.
  #next(): string | undefined {
    const frame = this.#open.at(-1)
    const [whole = '', token = ''] = match(anyToken, this.#text, this.#at) ?? []
    const isMember = frame !== undefined && !frame.isList && frame.name === undefined
    if (token === '' || (isMember && !/^["}]/.test(token))) return undefined
    if (token.startsWith('"')) this.#lastText = this.#at + whole.length - token.length
    this.#at += whole.length
    return token
  }

  #close(token: string): Frame | undefined {
    const frame = this.#open.at(-1)
    if (frame === undefined || frame.isList !== (token === ']') || frame.name !== undefined) return undefined
    this.#open.pop()
    this.isWhole = this.#open.length === 0
    if (!this.isWhole) this.#add(valueOf(frame))
    return frame
  }

  #take(token: string): boolean {
    const frame = this.#open.at(-1)
    if (frame === undefined || frame.isList || frame.name !== undefined) {
      this.#add(token.startsWith('"') ? unquote(token) : toWord(token))
      return true
    }
    const colon = match(/\s*:/y, this.#text, this.#at)
    if (colon === null) return false
    this.#at += colon[0].length
    frame.name = unquote(token)
    return true
  }

  #add(value: Json): void {
    const frame = this.#open.at(-1)
    if (frame === undefined) return
    if (frame.isList) frame.items.push(value)
    else if (frame.name !== undefined) frame.members.push([frame.name, value])
    frame.name = undefined
  }
}

// No text goes past its line, so that a quotation mark too many spoils one line and not the rest.
const anyToken = /[\s,]*([{}[\]]|"[^"\\\n\r]*(?:\\.[^"\\\n\r]*)*"|[^\s,:"{}[\]]+)/y

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function frameOf(token: '{' | '['): Frame {
  return { isList: token === '[', items: [], members: [], name: undefined }
}

function nodeOf({ isList, items, members, name }: Frame): JsonNode {
  if (isList) return { items }
  return { members: name === undefined ? members : [...members, [name, null]] }
}

// Values of one name become a list of them: no one of them stands in for the others.
function valueOf({ isList, items, members }: Frame): Json {
  if (isList) return items
  const byName = new Map<string, Json[]>()
  for (const [name, value] of members) {
    const values = byName.get(name)
    if (values === undefined) byName.set(name, [value])
    else values.push(value)
  }
  return Object.fromEntries(
    [...byName].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? null) : values]),
  )
}

const words: ReadonlyMap<string, Json> = new Map([
  ['true', true],
  ['false', false],
])

// A word that JSON does not have says nothing.
function toWord(token: string): Json {
  return /^-?\d/.test(token) && Number.isFinite(Number(token)) ? Number(token) : (words.get(token) ?? null)
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

// Not JSON.parse: for a text that it refuses, such as one with a raw tab, others have a reading.
function unquote(token: string): string {
  const inside = token.slice(1, -1)
  if (!inside.includes('\\')) return inside
  return inside.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_whole, code: string | undefined, letter: string) =>
    code === undefined ? (escapes.get(letter) ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  )
}
