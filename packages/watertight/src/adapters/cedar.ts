import { createHash, randomUUID } from 'node:crypto'

import {
  checkParsePolicySet,
  checkParseSchema,
  isAuthorized,
  preparsePolicySet,
  statefulIsAuthorized,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs'
import type { CedarValueJson, CheckParseAnswer, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs'

import type { AgentBoundary, Json, Policy, PolicyQuestion } from '../index.ts'

/** Policies in Cedar, and what they are validated against. */
export interface CedarOptions {
  /** the text of each policy by its id: one `permit` or one `forbid` */
  readonly policies: Readonly<Record<string, string>>
  /** a schema in Cedar's own syntax, as docs/cedar.md has it; the policies are validated against it once */
  readonly schema?: string
}

/**
 * Makes a policy of policies in Cedar. It allows what Cedar allows without a single error: Cedar itself skips a `forbid`
 * that errs, and allows. Whatever cannot be asked or answered is denied.
 *
 * Make it once, at start-up: the engine keeps the policies for as long as the process lives.
 *
 * @throws {TypeError} when a policy or the schema cannot be read, when the schema describes something else than what is
 *   asked, or when a policy is not valid by it
 */
export function cedar({ policies, schema }: CedarOptions): Policy {
  const texts = readPolicies(policies)
  if (schema !== undefined) requireValid(texts, schema)
  // The engine keeps the sets of the whole process by name: nobody else has this one, nor can put another in its place.
  const set = randomUUID()
  requireRead('The Cedar policies', preparsePolicySet(set, { staticPolicies: Object.fromEntries(texts) }))
  const hash = createHash('sha256').update(JSON.stringify([texts, schema ?? null]))
  return Object.freeze({ hash: hash.digest('hex'), decide: (question: PolicyQuestion) => allows(set, question) })
}

type Texts = readonly (readonly [id: string, text: string])[]

function readPolicies(policies: unknown): Texts {
  if (typeof policies !== 'object' || policies === null || Array.isArray(policies))
    throw new TypeError('The option policies needs an object: the text of each Cedar policy by its id.')
  const texts = Object.entries(policies).map(([id, text]: [string, unknown]) => {
    if (!isText(id) || !isText(text)) throw new TypeError(`The Cedar policy ${JSON.stringify(id)} must be text.`)
    const staticPolicies = Object.fromEntries([[id, text]])
    requireRead(`The Cedar policy ${JSON.stringify(id)}`, checkParsePolicySet({ staticPolicies }))
    return [id, text] as const
  })
  return texts.toSorted(([one], [other]) => (one < other ? -1 : 1))
}

// The schema judges the policies, and never a question: read by a schema, text of the model's would become an address or
// a time, and an object of its with `type` and `id` an entity. What does not fit errs where a policy needs it.
function requireValid(texts: Texts, schema: unknown): void {
  if (!isText(schema)) throw new TypeError('The option schema must be text, in the syntax of Cedar schemas.')
  requireRead('The Cedar schema', checkParseSchema(schema))
  // A member that the schema calls otherwise would be asked for with `has`, and never be there.
  const asked = isAuthorized({ ...toCall(example), schema, validateRequest: true, policies: { staticPolicies: {} } })
  if (asked.type !== 'success')
    throw new TypeError(`The Cedar schema must describe what is asked, as docs/cedar.md does: ${told(asked.errors)}`)
  const answer = validate({ schema, policies: { staticPolicies: Object.fromEntries(texts) } })
  if (answer.type !== 'success') throw new TypeError(`The Cedar policies cannot be validated: ${told(answer.errors)}`)
  const [wrong] = answer.validationErrors
  if (wrong !== undefined)
    throw new TypeError(`The Cedar policy ${JSON.stringify(wrong.policyId)} is not valid: ${wrong.error.message}`)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed()
}

function requireRead(what: string, answer: CheckParseAnswer): void {
  if (answer.type !== 'success') throw new TypeError(`${what} cannot be read: ${told(answer.errors)}`)
}

function told(errors: readonly { readonly message: string }[]): string {
  return errors.map(({ message }) => message).join('; ')
}

function allows(set: string, question: PolicyQuestion): boolean {
  try {
    const answer = statefulIsAuthorized({ ...toCall(question), preparsedPolicySetId: set })
    if (answer.type !== 'success') return false
    const { decision, diagnostics } = answer.response
    return decision === 'allow' && diagnostics.errors.length === 0
  } catch {
    return false
  }
}

/** A question of a boundary, or of what looks like one to a schema. */
interface Question extends Omit<PolicyQuestion, 'boundary'> {
  readonly boundary: Pick<AgentBoundary, 'tenantId' | 'workspaceId' | 'userId' | 'role' | 'plan' | 'region'>
}

const example: Question = {
  boundary: { tenantId: 'acme', workspaceId: 'support', userId: 'alice', role: 'member', plan: 'pro', region: 'eu' },
  tool: { name: 'read_ticket', risk: 'read', role: 'viewer' },
  resources: [{ type: 'ticket', id: 'T-1' }],
  input: {}, // without a member: each is optional, for tools differ
}

function toCall({ boundary, tool, resources, input }: Question) {
  const { tenantId: tenant, workspaceId: workspace, userId: user, role, plan, region } = boundary
  // One text for each user, whatever is in the ids: two tenants may both have a user of that name.
  const principal = { type: 'User', id: JSON.stringify([tenant, workspace, user]) }
  const resource = { type: 'Tool', id: tool.name }
  return {
    principal,
    action: { type: 'Action', id: 'callTool' },
    resource,
    context: {
      tenant,
      workspace,
      resources: resources.map(({ type, id }) => ({ type, id })),
      input: new Expression().of(input, 0),
    },
    entities: [
      { uid: principal, attrs: { tenant, workspace, user, role, plan, region }, parents: [] },
      { uid: resource, attrs: { risk: tool.risk, role: tool.role }, parents: [] },
    ],
  }
}

// As deep as tools take their arguments; Cedar's own limit is about 120. It copies a value once for each level above it:
// without a limit, arguments of 30 kB kept the process from all else for a second.
const [maximumDepth, maximumLevels] = [64, 16_384]

// Cedar has no null, no fractions and no numbers beyond 64 bits. Left out, they would be gone for `has`, and a `forbid`
// that asks for a price first would let the price 1000.5 pass; so each is an entity, which equals itself alone, and is an
// error wherever a number, text or a set is needed.
class Expression {
  #levels = 0

  of(value: Json, depth: number): CedarValueJson {
    this.#levels += depth + 1
    if (depth > maximumDepth || this.#levels > maximumLevels) throw inexpressible()
    if (value === null) return toEntity({ type: 'Json::Null', id: 'null' })
    if (typeof value === 'boolean' || typeof value === 'string') return value
    if (typeof value === 'number') return expressNumber(value)
    if (Array.isArray(value)) return value.map((member: Json) => this.of(member, depth + 1))
    if (!isPlainObject(value)) throw inexpressible()
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [requireName(name), this.of(member, depth + 1)]),
    )
  }
}

function expressNumber(value: number): CedarValueJson {
  if (!Number.isFinite(value)) throw inexpressible()
  return Number.isSafeInteger(value) ? value : toEntity({ type: 'Json::Number', id: String(value) })
}

// An object with `__entity` or `__extn` is an entity or a value of an extension to Cedar, whatever else is in it: an
// argument would be what the model says that it is. `__expr` was a third, and there may be a fourth.
function requireName(name: string): string {
  if (name.startsWith('__')) throw inexpressible()
  return name
}

function toEntity(uid: TypeAndId): CedarValueJson {
  return { __entity: uid }
}

function isPlainObject(value: unknown): value is { readonly [name: string]: Json } {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function inexpressible(): TypeError {
  return new TypeError('The input cannot be expressed in Cedar.')
}
