import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

import { defineTool } from './define-tool.ts'
import type { ToolSchema } from './define-tool.ts'
import { resource, resourceInText, resourceInUrl } from './schema-marks.ts'

const rest = { name: 'read', description: 'Reads.', risk: 'read', role: 'viewer', ownerless: 'nothing' } as const
const define = (input: unknown, more: object = {}) =>
  defineTool({ ...rest, input: input as ToolSchema<unknown>, run: async () => 0, ...more })

const mark = resource('ticket')
const zodId = z.string().meta(mark)
const inText = z.string().meta(resourceInText('ticket', /T-\d+/))
const valibotId = v.pipe(v.string(), v.metadata(mark))
const arkId = type('string').configure(mark)
const valibot = (schema: Parameters<typeof toStandardJsonSchema>[0]) => toStandardJsonSchema(schema)

/** A schema of one's own that validates nothing and says this of itself, to both sides. */
const saying = (input: object, output: object = input) => ({
  '~standard': {
    version: 1,
    vendor: 'own',
    validate: (value: unknown) => ({ value }),
    jsonSchema: { input: () => input, output: () => output },
  },
})
const objectWith = (id: unknown) => ({ type: 'object', properties: { id } })
const marked = { type: 'string', ...mark }

describe('a schema whose marks cannot be read back', () => {
  test.each<[string, () => unknown]>([
    ['zod: a transform after the mark', () => z.object({ id: zodId.transform((id) => ({ id })) })],
    ['zod: a transform around the object', () => z.object({ id: zodId }).transform(({ id }) => ({ other: id }))],
    ['zod: a transform in a branch', () => z.union([z.object({ id: zodId }), zodId.transform((id) => id)])],
    ['zod: a pipe into an unmarked string', () => z.object({ id: zodId.pipe(z.string()) })],
    ['zod: a pipe into anything', () => z.object({ id: zodId.pipe(z.any()) })],
    [
      'zod: a codec into an unmarked string',
      () => z.object({ id: z.codec(zodId, z.string(), { decode: (id) => id, encode: (id) => id }) }),
    ],
    [
      'zod: a transform after a mark of ids in a text',
      () => z.object({ note: inText.transform((note) => note.trim()) }),
    ],
    ['zod: a pipe from a text with ids into any text', () => z.object({ note: inText.pipe(z.string()) })],
    [
      'zod: a pipe from a text with ids into one with others',
      () => z.object({ note: inText.pipe(z.string().meta(resourceInText('ticket', /U-\d+/))) }),
    ],
    ['zod: both marks on one string', () => z.object({ note: inText.meta(mark) })],
    ['zod: a mark of ids in a number', () => z.object({ note: z.number().meta(resourceInText('ticket', /\d+/)) })],
    ['zod: a set', () => z.object({ ids: z.set(zodId) })],
    ['zod: a map', () => z.object({ ids: z.map(zodId, z.string()) })],
    [
      'zod: one of two uses of a named id',
      () => {
        const named = z.string().meta({ ...mark, id: 'NamedTicket' })
        return z.object({ first: named, second: named.pipe(z.string()) })
      },
    ],
    [
      'zod: one of two branches at the same place',
      () =>
        z.union([
          z.object({ by: z.literal('a'), id: zodId }),
          z.object({ by: z.literal('b'), id: zodId.pipe(z.string()) }),
        ]),
    ],
    [
      'zod: deeper in a recursive schema',
      () => {
        const node: z.ZodType = z.object({
          get kept() {
            return z.object({
              id: zodId,
              get next() {
                return lost.optional()
              },
            })
          },
        })
        const lost: z.ZodType = z.object({ id: zodId.pipe(z.string()), node: node.optional() })
        return node
      },
    ],
    ['zod: a mark on a number', () => z.object({ id: z.number().meta(mark) })],
    ['zod: a mark on an array', () => z.object({ ids: z.array(z.string()).meta(mark) })],
    ['zod: a mark on an object', () => z.object({ id: z.object({ id: z.string() }).meta(mark) })],
    ['zod: a mark on anything', () => z.object({ id: z.any().meta(mark) })],
    ['zod: a mark on a string or an object', () => z.object({ id: z.union([z.string(), z.object({})]).meta(mark) })],
    ['zod: a mark without a type', () => z.object({ id: z.string().meta({ 'x-resource': true }) })],
    ['zod: a mark with an empty type', () => z.object({ id: z.string().meta({ 'x-resource': '' }) })],
    ['zod: a mark with several types', () => z.object({ id: z.string().meta({ 'x-resource': ['ticket', 'file'] }) })],
    [
      'valibot: a transform',
      () =>
        valibot(
          v.object({
            id: v.pipe(
              valibotId,
              v.transform((id) => id),
            ),
          }),
        ),
    ],
    [
      'valibot: a transform around the object',
      () =>
        valibot(
          v.pipe(
            v.object({ id: valibotId }),
            v.transform(({ id }) => ({ id })),
          ),
        ),
    ],
    [
      'valibot: a transform into an unmarked string',
      () =>
        valibot(
          v.object({
            id: v.pipe(
              valibotId,
              v.transform((id) => id),
              v.string(),
            ),
          }),
        ),
    ],
    ['valibot: a set', () => valibot(v.object({ ids: v.set(valibotId) }))],
    ['valibot without its converter', () => v.object({ id: valibotId })],
    ['arktype: a morph', () => type({ id: arkId.pipe((id) => id) })],
    ['arktype: a morph into an unmarked string', () => type({ id: arkId.pipe((id) => id, type('string')) })],
    ['arktype: a mark on an object', () => type({ id: 'string' }).configure(mark)],
    [
      'a mark behind a keyword that is not read',
      () => saying({ ...objectWith({ type: 'string' }), if: {}, else: objectWith(marked) }),
    ],
    [
      'a mark in dependent schemas',
      () => saying({ ...objectWith({ type: 'string' }), dependentSchemas: { id: objectWith(marked) } }),
    ],
    ['a mark in unevaluated properties', () => saying({ type: 'object', unevaluatedProperties: marked })],
    ['a mark in `contains`', () => saying(objectWith({ type: 'array', contains: marked }))],
    [
      'a mark in a definition that nothing refers to',
      () => saying({ ...objectWith({ type: 'string' }), $defs: { id: marked } }),
    ],
    ['a reference that leads nowhere', () => saying(objectWith({ $ref: '#/$defs/id' }))],
    [
      'a reference by anchor',
      () => saying({ ...objectWith({ $ref: '#id' }), $defs: { id: { $anchor: 'id', ...marked } } }),
    ],
    ['a reference to elsewhere', () => saying(objectWith({ $ref: 'https://example.com/schema.json' }))],
    ['a malformed reference', () => saying(objectWith({ $ref: '#/%E0%A4%A' }))],
    ['a dynamic reference', () => saying({ ...objectWith({ $dynamicRef: '#id' }), $defs: { id: marked } })],
    ['no JSON Schema at all', () => saying([])],
    [
      'a schema that refers to itself for a type',
      () => saying({ ...objectWith({ $ref: '#/$defs/a' }), $defs: { a: { ...mark, $ref: '#/$defs/a' } } }),
    ],
  ])('should be refused at definition: %s', (_what, schema) => {
    expect(() => define(schema())).toThrow(TypeError)
  })

  test('should be told where the mark is lost', () => {
    expect(() => define(z.object({ a: z.array(zodId.pipe(z.string())) }))).toThrow('#/properties/a/items')
  })

  test('should not be refused for marks that stay', () => {
    const kept = z.object({
      a: zodId.trim().optional().default('x').describe('which'),
      b: z.union([z.number(), zodId]).nullable(),
      properties: zodId,
      default: zodId,
      'x-resource': z.string(),
    })
    expect(define(kept).resourceTypes).toEqual(['ticket'])
  })

  test('should not be refused for marks of ids in texts, which the model is not shown', () => {
    const [text, url] = [resourceInText('ticket', /T-\d+/), resourceInUrl('file', /^\/files\/(F-\d+)/)]
    for (const schema of [
      z.object({ notes: z.array(inText.max(9).optional()), link: z.url().meta(url) }),
      valibot(
        v.object({ notes: v.array(v.pipe(v.string(), v.metadata(text))), link: v.pipe(v.string(), v.metadata(url)) }),
      ),
      type({ notes: type('string').configure(text).array(), link: type('string').configure(url) }),
    ]) {
      const tool = define(schema)
      expect(tool.resourceTypes.toSorted()).toEqual(['file', 'ticket'])
      expect(JSON.stringify(tool.parsedSchema)).toContain('x-resource-in-url:file')
      expect(JSON.stringify(tool.inputSchema)).not.toContain('x-resource')
    }
  })

  test('should not take data for schemas', () => {
    expect(
      define(z.object({ a: z.record(z.string(), z.string()).default({ 'x-resource': 'x' }) })).resourceTypes,
    ).toEqual([])
  })
})

describe('a schema that asks the model for what the boundary decides', () => {
  const names = [
    'tenantId',
    'tenant_id',
    'TENANT-ID',
    'x-tenant-id',
    'orgId',
    'workspaceId',
    'targetTenantId',
    'ｔｅｎａｎｔＩｄ',
    'ténantId',
    'constructor',
  ]

  test.each(names)('should be refused: %s', (name) => {
    expect(() => define(z.object({ [name]: z.string() }))).toThrow(TypeError)
    expect(() => define(z.object({ deep: z.array(z.object({ [name]: z.string().optional() })) }))).toThrow(TypeError)
    expect(() => define(z.object({ by: z.record(z.enum([name, 'x']), z.string()) }))).toThrow(TypeError)
    expect(() => define(valibot(v.object({ [name]: v.string() })))).toThrow(TypeError)
    expect(() => define(type({ [name]: 'string' }))).toThrow(TypeError)
  })

  test('should be refused in a branch and behind a reference', () => {
    const named = z.object({ tenantId: z.string() }).meta({ id: 'Scope' })
    expect(() => define(z.object({ a: named, b: named }))).toThrow(TypeError)
    expect(() => define(z.object({ a: z.union([z.string(), z.object({ orgId: z.string() })]) }))).toThrow(TypeError)
    expect(() => define(saying({ type: 'object', required: ['tenantId'] }))).toThrow(TypeError)
  })
})

describe('a definition', () => {
  test.each<[string, object]>([
    ['no name', { name: '' }],
    ['a name with a space', { name: 'read ticket' }],
    ['a name with a full-width letter', { name: 'ｒead' }],
    ['no description', { description: '' }],
    ['no risk', { risk: undefined }],
    ['a risk of its own', { risk: 'Read' }],
    ['no role', { role: '' }],
    ['neither owner nor ownerless', { ownerless: undefined }],
    ['an empty reason for being ownerless', { ownerless: '' }],
    ['both owner and ownerless', { owner: () => ({ tenantId: 'a', workspaceId: 'b' }) }],
    ['no code', { run: undefined }],
    ['no input', { input: undefined }],
  ])('should be refused with %s', (_what, more) => {
    expect(() => define(z.object({}), more)).toThrow(TypeError)
  })

  test('should check its results when it has an owner, whatever else it says', () => {
    const tool = define(z.object({}), { owner: () => ({ tenantId: 'a', workspaceId: 'b' }), ownerless: '' })
    expect(tool.ownerless).toBeUndefined()
  })

  test('should show the model no marks', () => {
    const tool = define(z.object({ id: zodId, more: z.array(z.object({ id: zodId })), map: z.record(zodId, zodId) }))
    expect(JSON.stringify(tool.parsedSchema)).toContain('x-resource')
    expect(JSON.stringify(tool.inputSchema)).not.toContain('x-resource')
  })

  test('should be frozen', () => {
    expect(Object.isFrozen(define(z.object({})))).toBe(true)
  })
})
