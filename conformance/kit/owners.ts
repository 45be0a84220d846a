import { makeLookAlike } from 'watertight/testing'
import type { LookAlikeKind } from 'watertight/testing'

/** Two tenants: what belongs to `owner` must not reach `other`, nor be changed by it. */
export interface Pair {
  readonly owner: string
  readonly other: string
}

/** The tenant that every stack must be able to serve: an id as plain as they come. */
export const plainTenant = 'acme'

/** In which ways another tenant looks like `acme`; the commonest first, since the first leak is told. */
const waysToLookAlike: readonly LookAlikeKind[] = [
  'number',
  'region',
  'case',
  'capital',
  'underscore',
  'colon',
  'slash',
  'pipe',
  'wildcard',
  'trailing-space',
  'leading-space',
  'trailing-dot',
  'percent-encoded',
  'percent-space',
  'relative-path',
  'composed',
  'decomposed',
  'full-width',
  'confusable',
  'zero-width',
  'suffix',
  'tag',
]

/** Pairs that need a base of their own. `::` is a usual separator of a namespace and a key. */
const furtherPairs: readonly (readonly [string, string])[] = [
  ['acme-eu', 'acme_eu'],
  ['acme-eu', 'acme.eu'],
  ['acme-eu', 'acme eu'],
  ['a:b', 'a'],
  ['acme:eu', 'acme/eu'],
  ['acme::eu', 'acme'],
  ['acme/../globex', 'globex'],
  ['caf\u00e9', 'cafe\u0301'],
]

/** Every two tenants of the cases, each way round. */
export function pairs(): readonly Pair[] {
  const alike = waysToLookAlike.flatMap((way) => {
    const id = makeLookAlike(plainTenant, way)
    return id === undefined ? [] : [[plainTenant, id] as const]
  })
  return [...alike, ...furtherPairs].flatMap(([one, another]) => [
    { owner: one, other: another },
    { owner: another, other: one },
  ])
}
