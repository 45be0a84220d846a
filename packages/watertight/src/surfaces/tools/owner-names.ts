import { foldLetters } from '../../encoding/index.ts'

/** What a name speaks of: the tenant, the workspace, or something else that only a boundary decides. */
type OwnerKind = 'tenant' | 'workspace' | 'boundary'

/** A name that says whose data, and whether it says so by an id, so that its value can be compared. */
export interface OwnerName {
  readonly kind: OwnerKind
  /** `bare`: the noun alone; `id`: the noun and a word for an id; `other`: a name, a slug, a filter, anything else */
  readonly by: 'bare' | 'id' | 'other'
  readonly plural: boolean
}

const id = 'ids?|uu?ids?|guids?|ulids?|ocids?|identifiers?'
const label = 'keys?|slugs?|names?|refs?|overrides?|filters?|scopes?'
const tail = `${label}|references?|handles?|codes?|numbers?|no|pk|fk|urls?|domains?|subdomains?|hints?|params?|headers?|claims?|contexts?|selectors?|in|eq|neq|ne|like|equals|values?|lists?|sets?|is|not|any`
const pointing =
  'x|my|our|your|the|this|that|all|any|by|for|from|to|in|of|source|target|dest|destination|current|active|other|new|old|parent|child|root|owner|owning|default|effective|real|requested|selected|customer|client|user|data|db|http|header|where|filter|switch|use|set|with'

type Rule = readonly [kind: OwnerKind, pattern: RegExp]

// One word after the other, the noun last but for the words that say by what it is named.
const spaced = (noun: string, ids: '*' | '+') =>
  new RegExp(`(?:^| )(?<noun>${noun})(?<id>(?: (?:${id}))${ids})(?<other>(?: (?:${id}|${tail}))*)$`)
// Written together, or in a mix of cases.
const joined = (noun: string, ids: '*' | '+') =>
  new RegExp(`(?<noun>${noun})(?<id>(?:${id})${ids})(?<other>(?:${id}|${label})*)$`)

// Alone, `ws` is a socket, a tenancy a lease, and a realm one of logins: only an id makes them say whose data.
const spacedRules: readonly Rule[] = [
  ['tenant', spaced('tenants?|orgs?|organi[sz]ations?', '*')],
  ['workspace', spaced('workspaces?', '*')],
  ['tenant', spaced('tenancy|realms?', '+')],
  ['workspace', spaced('ws', '+')],
]
// What has these letters by chance is left out: lieutenant, reorganization, network space. A short noun stands alone, or
// behind words that point.
const joinedRules: readonly Rule[] = [
  ['tenant', joined('(?<!lieu)tenants?|(?<!re|dis)organi[sz]ations?', '*')],
  ['workspace', joined('(?<!net|frame|patch|art)workspaces?', '*')],
  ['tenant', joined(`(?<=^(?:${pointing})*)orgs?`, '*')],
  ['tenant', joined(`(?<=^(?:${pointing})*)(?:tenancy|realms?)`, '+')],
  ['workspace', joined(`(?<=^(?:${pointing})*)ws`, '+')],
]

const decided =
  /^(?:boundary|agentboundary|.*(?:memorynamespace|retrievalnamespace|allowedtoolids|alloweddatasourceids))$/

/**
 * Says whether a name speaks of what only a boundary decides, however it is written: `tenantId`, `TENANT_ID`,
 * `x-tenant-id`, `filter[tenant_id]`, `where.tenantId`, `wsId`, `targetOrgUuid`, in letters that look like these.
 */
export function findOwnerName(name: string): OwnerName | undefined {
  const parts = name.split(/[^\p{L}\p{M}\p{N}\p{Cf}_ -]+/u)
  for (const part of parts.length > 1 ? [name, ...parts] : [name]) {
    const found = judgePart(part)
    if (found !== undefined) return found
  }
  return undefined
}

// A key may be as long as an input: only its end can be such a name.
const [lastWords, lastLetters] = [16, 128]

const anyNoun = /tenan|org|ws|workspace|realm|boundary|namespace|allowed/

function judgePart(part: string): OwnerName | undefined {
  const words = wordsOf(part).slice(-lastWords)
  const together = words.join('').slice(-lastLetters)
  if (!anyNoun.test(together)) return undefined // most names, at once: a result may have a hundred thousand
  if (decided.test(together)) return { kind: 'boundary', by: 'bare', plural: false }
  return match(spacedRules, words.join(' ')) ?? match(joinedRules, together)
}

const ascii = /^[\0-\x7f]*$/

/**
 * The words of a name, in small plain letters. Taken apart where the case says so, before it is folded away. Numbers only
 * count: `tenantId2` is one more tenantId.
 */
export function wordsOf(part: string): readonly string[] {
  if (ascii.test(part))
    return (
      part
        .replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ')
        .toLowerCase()
        .match(/[a-z]+/g) ?? []
    )
  const apart = part
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replaceAll(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, ' ')
  return foldLetters(apart).match(/[a-z]+/g) ?? []
}

function match(rules: readonly Rule[], text: string): OwnerName | undefined {
  for (const [kind, pattern] of rules) {
    const { noun, id: byId, other: byOther } = pattern.exec(text)?.groups ?? {}
    if (noun === undefined) continue
    const by = byOther !== '' ? 'other' : byId === '' ? 'bare' : 'id'
    return { kind, by, plural: /[^w]s$/.test(`${noun}${byId}`) }
  }
  return undefined
}
