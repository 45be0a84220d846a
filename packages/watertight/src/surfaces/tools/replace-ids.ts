import type { Json } from '../../encoding/index.ts'
import { InvalidInput } from '../../errors.ts'
import { handleText } from './handles.ts'
import { findIds } from './id-pattern.ts'
import type { FoundId } from './id-pattern.ts'
import { findIdsInUrl, readUrl } from './ids-in-url.ts'
import { changeMarked } from './marked-places.ts'
import type { JsonSchema, Mark } from './schema-marks.ts'

type Seal = (type: string, id: string) => string

/**
 * Copies a value with a handle in place of each id that stands at a marked place, or inside a text or URL that is marked
 * so. Where branches of a union disagree, the first type that the value could be is the one that seals.
 *
 * @param schema the JSON Schema of the value; one with marks
 * @param value the value, as JSON
 * @param seal gives the handle of an id
 * @throws {InvalidInput} naming `output`, when a marked place holds something else than a text, a URL has more than one
 *   reading, or the value has a part that the schema is silent about: an id there would be shown
 */
export function replaceIds(schema: JsonSchema, value: Json, seal: Seal): Json {
  const change = (marks: readonly Mark[], text: string) => {
    const whole = marks.find(({ within }) => within === undefined)
    return whole === undefined ? sealInside(marks, text, seal) : seal(whole.type, text)
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of JSON, with other texts in it
  return changeMarked({ schema, field: 'output', undescribed: 'refuse', change }, value) as Json
}

/** An input whose handles were opened, or the types of those that were none, once for each place. */
export type OpenedIds =
  | { readonly value: Json; readonly unopened?: never }
  | { readonly value?: never; readonly unopened: readonly string[] }

/**
 * Copies an input with the id in place of each handle. At a marked place only a handle may stand. In a text or URL that is
 * marked so, whatever looks like a handle must be one; an id that is written out stays, and is resolved like any other.
 * What the schema does not describe is left as it is, for the validation that follows.
 *
 * @param schema the JSON Schema of the input before it is parsed; one with marks
 * @param value the input, as JSON
 * @param open gives the id behind a handle, or `undefined`
 * @returns the copy, or what did not open: every place is tried before any is judged
 * @throws {InvalidInput} naming `input`, when a marked place holds something else than a text, or two names become one
 */
export function openIds(
  schema: JsonSchema,
  value: Json,
  open: (type: string, handle: string) => string | undefined,
): OpenedIds {
  const unopened: string[] = []
  const openOne = (marks: readonly Mark[], handle: string): string => {
    const types = [...new Set(marks.map(({ type }) => type))]
    const ids = types.flatMap((type) => open(type, handle) ?? [])
    if (ids[0] === undefined) unopened.push(types.toSorted().join(','))
    return ids[0] ?? handle
  }
  const change = (marks: readonly Mark[], text: string) => {
    const whole = marks.filter(({ within }) => within === undefined)
    if (whole.length > 0) return openOne(whole, text)
    const isUrl = marks.some(({ within }) => within?.kind === 'url')
    return text.replaceAll(anyHandle, (handle) => {
      const id = openOne(marks, handle)
      return isUrl ? encodePart(id) : id
    })
  }
  const opened = changeMarked({ schema, field: 'input', undescribed: 'leave', change }, value)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of JSON, with other texts in it
  return unopened.length > 0 ? { unopened } : { value: opened as Json }
}

const anyHandle = new RegExp(`(?<![A-Za-z0-9_-])${handleText.source}(?![A-Za-z0-9_-])`, 'g')

// What is a separator stays encoded, and a URL that holds it is refused: an id never adds a segment or a parameter.
function encodePart(id: string): string {
  return encodeURIComponent(id).replaceAll(/%(?:40|3A|24|2C)/g, (each) => decodeURIComponent(each))
}

function sealInside(marks: readonly Mark[], text: string, seal: Seal): string {
  const isUrl = marks.some(({ within }) => within?.kind === 'url')
  const { origin, decoded } = isUrl ? readUrl(text, 'output') : { origin: '', decoded: text }
  const found = marks.flatMap((mark) => idsOf(mark, text, decoded).map((id) => ({ ...id, type: mark.type })))
  const changed = replaceFound(decoded, found, seal)
  // What is encoded in a plain URL is what this encodes.
  return changed === decoded ? text : isUrl ? origin + encodeURI(changed) : changed
}

// Beside a mark of a URL, one of a text is a mark of the same URL, decoded.
function idsOf({ within }: Mark, text: string, decoded: string): readonly FoundId[] {
  if (within === undefined) return []
  return within.kind === 'url' ? findIdsInUrl(within.pattern, text, 'output') : findIds(within.pattern, decoded)
}

function replaceFound(text: string, found: readonly (FoundId & { readonly type: string })[], seal: Seal): string {
  let [changed, end] = ['', 0]
  for (const { type, id, start } of found.toSorted((one, other) => one.start - other.start)) {
    if (id === '') throw new InvalidInput('output', 'text wherever an id stands')
    if (start < end) continue // found by two patterns
    changed += text.slice(end, start) + seal(type, id)
    end = start + id.length
  }
  return changed + text.slice(end)
}
