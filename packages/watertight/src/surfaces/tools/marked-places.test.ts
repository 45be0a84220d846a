import { describe, expect, test } from 'vitest'

import { InvalidInput } from '../../errors.ts'
import { changeMarked } from './marked-places.ts'

const ticket = { type: 'string', 'x-resource': 'ticket' }
const walkWith = (schema: object, change = (text: string) => `${text}!`) => ({
  schema: schema as Readonly<Record<string, unknown>>,
  field: 'input',
  undescribed: 'leave' as const,
  change: (_marks: unknown, text: string) => change(text),
})

describe('changeMarked', () => {
  test('should give the very value where nothing changes, and leave it as it was where something does', () => {
    const schema = { type: 'object', properties: { ids: { type: 'array', items: ticket } }, additionalProperties: {} }
    const value = { ids: ['a', 'b'], other: { c: new Date(0) } }
    expect(
      changeMarked(
        walkWith(schema, (text) => text),
        value,
      ),
    ).toBe(value)
    expect(changeMarked(walkWith(schema), value)).toEqual({ ids: ['a!', 'b!'], other: value.other })
    expect(value.ids).toEqual(['a', 'b'])
  })

  test('should change the name and the value of a member', () => {
    const schema = { type: 'object', propertyNames: ticket, additionalProperties: ticket }
    expect(changeMarked(walkWith(schema), { a: 'b' })).toEqual({ 'a!': 'b!' })
  })

  test('should refuse two names that become one: one of them would be dropped unseen', () => {
    const schema = { type: 'object', propertyNames: ticket }
    expect(() =>
      changeMarked(
        walkWith(schema, () => 'same'),
        { a: 1, b: 2 },
      ),
    ).toThrow(InvalidInput)
    expect(
      changeMarked(
        walkWith(schema, () => '__proto__'),
        { a: 1 },
      ),
    ).toEqual(JSON.parse('{"__proto__":1}'))
  })

  test('should leave or refuse what the schema is silent about, as it was told', () => {
    const schema = { type: 'object', properties: { id: ticket } }
    const value = { id: 'a', other: 'b' }
    expect(changeMarked(walkWith(schema), value)).toEqual({ id: 'a!', other: 'b' })
    expect(() => changeMarked({ ...walkWith(schema), undescribed: 'refuse' }, value)).toThrow(InvalidInput)
  })
})
