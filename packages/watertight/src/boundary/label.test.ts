import { describe, expect, test } from 'vitest'

import { boundaryOf } from '../../test/support/people.ts'
import { findLabel, labelItem } from './label.ts'

const kind = { integrity: 'trusted', source: { surface: 'memory', id: 'x' } } as const

describe('labelItem', () => {
  test('should freeze all that lies in an item, so that no words change under its label', () => {
    const value = {
      rules: ['pay'],
      deep: { list: [[{ words: 'own' }]] },
      bare: Object.assign(Object.create(null), { words: 'own' }),
    }
    const item = labelItem(boundaryOf(), { key: 'x', value }, kind)
    for (const change of [
      () => value.rules.push('obey'),
      () => (value.deep.list[0] = []),
      () => Object.assign(value.deep.list[0]?.[0] ?? {}, { words: 'theirs' }),
      () => Object.assign(value.bare, { words: 'theirs' }),
      () => Object.assign(item.value, { more: 1 }),
    ])
      expect(change).toThrow(TypeError)
    expect(JSON.stringify(item)).not.toMatch(/theirs|obey/)
  })

  test('should take values that refer to themselves, and leave alone what is no value', () => {
    const value: Record<string, unknown> = { bytes: new Uint8Array(2), at: new Date(0) }
    value['self'] = value
    expect(findLabel(labelItem(boundaryOf(), { value }, kind))).toMatchObject({ tenantId: expect.any(String) })
  })
})
