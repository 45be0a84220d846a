import { InvalidInput, LimitExceeded } from '../../errors.ts'
import { findIds } from './id-pattern.ts'
import { findIdsInUrl } from './ids-in-url.ts'
import { changeMarked } from './marked-places.ts'
import type { JsonSchema, Mark } from './schema-marks.ts'

/** An id that an input holds at a marked place. */
export interface ResourceHit {
  readonly type: string
  readonly id: string
}

// A text of 256 KiB can name tens of thousands, and each is looked up.
const maximumIds = 1_000

/**
 * Finds every id of an input: at any depth, in arrays, tuples, records (values and keys) and unions, and inside texts and
 * URLs that are marked so. Where branches of a union disagree, each that the value could be counts, so an id is rather
 * checked once too often.
 *
 * @param schema the JSON Schema of the parsed input; one with marks
 * @param value the parsed input
 * @throws {InvalidInput} when a marked place holds something else than a string, a URL has no id or more than one reading,
 *   or the input has a part that the schema is silent about: whether an id stands there cannot be told
 * @throws {LimitExceeded} when there are more than 1,000 different ids
 */
export function findResources(schema: JsonSchema, value: unknown): readonly ResourceHit[] {
  const hits = new Map<string, ResourceHit>()
  const note = (marks: readonly Mark[], text: string) => {
    for (const mark of marks)
      for (const id of idsOf(mark, text)) {
        if (id === '') throw new InvalidInput('input', 'text wherever an id stands')
        hits.set(JSON.stringify([mark.type, id]), { type: mark.type, id })
        if (hits.size > maximumIds) throw new LimitExceeded('ids in the input', maximumIds)
      }
    return text
  }
  changeMarked({ schema, field: 'input', undescribed: 'refuse', change: note }, value)
  return [...hits.values()]
}

function idsOf({ within }: Mark, text: string): readonly string[] {
  if (within === undefined) return [text]
  const found = within.kind === 'text' ? findIds(within.pattern, text) : findIdsInUrl(within.pattern, text, 'input')
  return found.map(({ id }) => id)
}
