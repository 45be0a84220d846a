import { expect, test } from 'vitest'
import { z } from 'zod'

import { defineTool } from '../surfaces/tools/index.ts'
import { resourceId } from './zod.ts'

test('should mark an id for the tool, and leave it a string for the model', () => {
  const tool = defineTool({
    name: 'read',
    description: 'Reads.',
    input: z.object({ ticketId: resourceId('ticket'), fileIds: z.array(resourceId('file')).optional() }),
    risk: 'read',
    role: 'viewer',
    ownerless: 'nothing',
    run: async () => 0,
  })
  expect(tool.resourceTypes).toEqual(['ticket', 'file'])
  expect(tool.inputSchema).toMatchObject({ properties: { ticketId: { type: 'string', minLength: 1 } } })
})

test('should take no empty id', () => {
  expect(resourceId('ticket').safeParse('').success).toBe(false)
})

test.each(['', 'a b', '1', 'ｔicket', 'x'.repeat(65)])('should refuse %j for a type of record', (type) => {
  expect(() => resourceId(type)).toThrow(TypeError)
})
