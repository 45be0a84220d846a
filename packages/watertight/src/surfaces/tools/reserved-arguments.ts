import type { Json } from '../../encoding/index.ts'
import { nodesIn } from './objects-in.ts'
import { findOwnerName } from './owner-names.ts'

// Not ids, but names that change what an object is where code is careless.
const poisonous = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Says whether a name is one that only a boundary may decide. A model that names one tries to choose whose data it works
 * on: OWASP's broken object level authorization (API1:2023), by whatever names the tenant, its id, slug or name alike.
 * A customer, an account or a user is no such name: it is a record, whose id is marked and resolved.
 */
export function isReservedName(name: string): boolean {
  return poisonous.has(name) || findOwnerName(name) !== undefined
}

/**
 * Says whether an input holds a reserved name, at any depth: as a key, in text that is or holds JSON, or as the field of a
 * filter or a patch. Takes a JSON copy, not what the model's framework hands in.
 */
export function hasReservedName(value: Json): boolean {
  for (const node of nodesIn(value, 'any-text')) {
    if ('items' in node ? isClause(node.items) || isEntries(node.items) : namesReserved(node.members)) return true
  }
  return false
}

type Members = readonly (readonly [name: string, value: Json])[]

function namesReserved(members: Members): boolean {
  return members.some(([name]) => isReservedName(name)) || isFilter(members)
}

// `{ field: 'tenantId', op: 'eq', value: … }`, `{ op: 'replace', path: '/tenantId', value: … }`, and their like.
const fieldNames = new Set(['field', 'column', 'property', 'attribute', 'path', 'pointer', 'key', 'name', 'member'])
const valueNames = new Set(['value', 'values', 'op', 'operator', 'operand', 'eq', 'equals', 'in', 'match', 'is'])

function isFilter(members: Members): boolean {
  return (
    members.some(([name]) => valueNames.has(name.toLowerCase())) &&
    members.some(([name, field]) => fieldNames.has(name.toLowerCase()) && namesOwner(field))
  )
}

// `['tenantId', '==', 'acme2']`
function isClause(list: readonly Json[]): boolean {
  const [field, operator] = list
  return list.length === 3 && namesOwner(field) && typeof operator === 'string' && clauseOperator.test(operator)
}

const clauseOperator =
  /^(?:[^\p{L}\p{N}]+|eq|neq?|in|not[ -]?in|is|like|ilike|equals|contains|array-contains(?:-any)?)$/iu

// `[['tenantId', 'acme2']]`, which `Object.fromEntries` takes, and so do headers.
function isEntries(list: readonly Json[]): boolean {
  return (
    list.every((entry) => isList(entry) && entry.length === 2) &&
    list.some((entry) => isList(entry) && namesOwner(entry[0]))
  )
}

function namesOwner(value: Json | undefined): boolean {
  return typeof value === 'string' && isReservedName(value)
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}
