import pinoRedact from '@pinojs/redact'

import type { Json } from '../../encoding/index.ts'

/** Makes what may be logged of a tool's input or result. */
export type Redact = (value: Json) => Json

/**
 * Shows of a value only what a tool has said may be logged, and nothing of that which looks like a secret or a person's
 * address: a part that nobody named is left out with its name, which may be a text of somebody's too.
 *
 * @param logged paths such as `status`, `rows[*].status`, `[0].kind`; none where the list is empty
 * @throws {TypeError} when a path is malformed
 */
export function createRedact(logged: readonly string[]): Redact {
  const paths = logged.map(readPath)
  return (value) => {
    const shown = show(value, paths)
    return shown === undefined ? '[not logged]' : withoutSecrets(shown)
  }
}

type Path = readonly string[]

const step = /^(?:([A-Za-z_$][\w$-]*)|\.([A-Za-z_$][\w$-]*)|\[(\*|\d+)\])/

function readPath(path: string): Path {
  const steps: string[] = []
  for (let rest = path; rest !== '';) {
    const found = step.exec(rest)
    const name = found?.[1] ?? found?.[2] ?? found?.[3]
    if (found === null || name === undefined || (found[1] !== undefined && steps.length > 0))
      throw new TypeError(`A path of what is logged is written like rows[*].status, not ${JSON.stringify(path)}.`)
    steps.push(name)
    rest = rest.slice(found[0].length)
  }
  if (steps.length === 0) throw new TypeError('A path of what is logged names something.')
  return steps
}

function show(value: Json, paths: readonly Path[]): Json | undefined {
  if (paths.some((path) => path.length === 0)) return isLeaf(value) ? scrub(value) : `[${kindOf(value)}]`
  if (isLeaf(value) || paths.length === 0) return undefined
  const parts = Object.entries(value).flatMap(([name, part]: [string, Json]) => {
    const inside = paths.flatMap(([first, ...rest]) =>
      first === name || (first === '*' && isList(value)) ? [rest] : [],
    )
    const shown = inside.length === 0 ? undefined : show(part, inside)
    return shown === undefined ? [] : [[name, shown] as const]
  })
  if (parts.length === 0) return undefined
  return isList(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts)
}

function isLeaf(value: Json): value is null | boolean | number | string {
  return typeof value !== 'object' || value === null
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

// Of a list or an object that is named whole, how much it is: its parts are named one by one, or not shown.
function kindOf(value: Json): string {
  return isList(value) ? `list of ${value.length}` : 'object'
}

// Also what was named may hold what nobody meant: an address in a title, a key in a note.
const revealing = [
  /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+/gu, // an e-mail address
  /\b(?:bearer|basic)\s+\S+/giu,
  /\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]+)?/g, // a JSON Web Token
  /-----BEGIN [^-]+-----[\s\S]*?(?:-----END [^-]+-----|$)/g,
  /\b(?:sk|pk|rk|ghp|gho|ghs|glpat|xox[abprs]|AKIA|ASIA|AIza|npm|whsec)[-_A-Za-z0-9]{8,}/g,
  /(?<![\w-])(?=[\w+/-]*\d)(?=[\w+/-]*[A-Za-z])[\w+/-]{24,}={0,2}/g, // a long run of letters and digits
  /(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)/g, // a card's number
]

function scrub(value: null | boolean | number | string): Json {
  if (typeof value !== 'string') return value
  const scrubbed = revealing.reduce((text, pattern) => text.replaceAll(pattern, '[redacted]'), value)
  return scrubbed.length > 200 ? `${scrubbed.slice(0, 200)}…` : scrubbed
}

const secretName =
  /pass(?:word|phrase|code|wd)?$|secret|token|credential|authori[sz]ation|cookie|api-?_?key|private-?_?key|^(?:pwd|pin|otp|cvv|ssn|iban)$/i

// By name, whatever it is: a password may be any word.
function withoutSecrets(value: Json): Json {
  const paths = [...secretPaths(value, '')]
  if (paths.length === 0) return value
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the text that it writes is JSON
  return JSON.parse(String(pinoRedact({ paths, censor: '[redacted]' })(value))) as Json
}

function* secretPaths(value: Json, path: string): Iterable<string> {
  if (isLeaf(value)) return
  for (const [name, part] of Object.entries(value)) {
    const inside = isList(value) ? `${path}[${name}]` : `${path}["${name}"]` // a path has no quotes in its names
    if (!isList(value) && secretName.test(name)) yield inside
    else yield* secretPaths(part, inside)
  }
}
