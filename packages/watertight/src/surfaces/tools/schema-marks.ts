/** The key of a mark in a JSON Schema. It stays on the server: what the model is shown has it taken out. */
export const markKey = 'x-resource'

/**
 * Metadata that marks a string of a schema as the id of a customer's record: `z.string().meta(resource('ticket'))`,
 * `v.pipe(v.string(), v.metadata(resource('ticket')))`, `type('string').configure(resource('ticket'))`.
 *
 * @param type the type of record, for which `tools()` has a resolver
 */
export function resource(type: string): { readonly 'x-resource': string } {
  if (typeof type !== 'string' || !/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(type)) {
    throw new TypeError('resource() needs a type: a name of letters, digits, _ and -.')
  }
  return { [markKey]: type }
}

/** A JSON Schema, as far as it is read here. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** Where a schema has a mark: the path of property names (`*` for items and free keys), and the type of record. */
export interface SchemaMark {
  readonly path: string
  readonly type: string
}

/** Lists the marks of a schema. A recursive schema is walked once round. */
export function marksOf(root: JsonSchema): readonly SchemaMark[] {
  const marks: SchemaMark[] = []
  const seen = new Set<unknown>()
  const walk = (schema: unknown, path: string): void => {
    if (!isSchema(schema) || seen.has(schema)) return
    seen.add(schema)
    const type = schema[markKey]
    if (typeof type === 'string') marks.push({ path, type })
    for (const [step, part] of partsOf(root, schema)) walk(part, step === '' ? path : `${path}/${step}`)
  }
  walk(root, '')
  return marks
}

/** Lists the property names that a schema declares, at any depth. */
export function propertyNamesOf(root: JsonSchema): ReadonlySet<string> {
  const names = new Set<string>()
  const seen = new Set<unknown>()
  const walk = (schema: unknown): void => {
    if (!isSchema(schema) || seen.has(schema)) return
    seen.add(schema)
    if (isSchema(schema['properties'])) for (const name of Object.keys(schema['properties'])) names.add(name)
    for (const [, part] of partsOf(root, schema)) walk(part)
  }
  walk(root)
  return names
}

/** A copy of a schema without its marks: a model that knows which fields are ids, and of what, is told more than it needs. */
export function withoutMarks(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutMarks)
  if (!isSchema(schema)) return schema
  return Object.fromEntries(Object.entries(schema).flatMap(([name, part]) => (name === markKey ? [] : [[name, withoutMarks(part)]])))
}

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The schema that a local reference names (`#/$defs/Node`), or `undefined`. */
export function followReference(root: JsonSchema, reference: unknown): unknown {
  if (typeof reference !== 'string' || !reference.startsWith('#')) return undefined
  let found: unknown = root
  for (const part of reference.slice(1).split('/').filter((step) => step !== '')) {
    const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    found = isSchema(found) && Object.hasOwn(found, name) ? found[name] : undefined
  }
  return found
}

function* partsOf(root: JsonSchema, schema: JsonSchema): Iterable<readonly [string, unknown]> {
  if (isSchema(schema['properties'])) for (const [name, part] of Object.entries(schema['properties'])) yield [name, part]
  for (const name of ['items', 'additionalProperties', 'propertyNames', 'unevaluatedProperties', 'contains']) yield ['*', schema[name]]
  if (isSchema(schema['patternProperties'])) for (const part of Object.values(schema['patternProperties'])) yield ['*', part]
  if (Array.isArray(schema['prefixItems'])) for (const [at, part] of schema['prefixItems'].entries()) yield [String(at), part]
  for (const name of ['anyOf', 'oneOf', 'allOf']) {
    const branches: unknown = schema[name]
    if (Array.isArray(branches)) for (const branch of branches) yield ['', branch]
  }
  for (const name of ['not', 'if', 'then', 'else']) yield ['', schema[name]]
  yield ['', followReference(root, schema['$ref'])]
}
