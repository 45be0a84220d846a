import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { buildWithout, layers } from './without-layer.ts'
import type { Layer } from './without-layer.ts'

const tableIds = 'node_modules/watertight/dist/store/table-ids.js'

test('should change the copy and nothing else, and leave nothing behind', () => {
  const folders: string[] = []
  const readAt = (off: readonly Layer[]) => {
    using build = buildWithout(off)
    folders.push(build.folder)
    return readFileSync(join(build.folder, tableIds), 'utf8')
  }
  const [changed, untouched] = [readAt(['filter']), readAt([])]
  expect(untouched).toContain('${tenantColumn} = $${first} and ${workspaceColumn} = $${first + 1}')
  expect(changed).toBe(
    untouched.replace(
      '${tenantColumn} = $${first} and ${workspaceColumn} = $${first + 1}',
      '$$${first}::text is not null and $$${first + 1}::text is not null',
    ),
  )
  expect(folders.filter((folder) => existsSync(folder))).toEqual([])
})

test('should switch every layer, in the library and in the example', () => {
  using build = buildWithout(layers, { example: true })
  const ticket = readFileSync(join(build.folder, 'examples/support-desk/migrations/0002-protect-ticket.sql'), 'utf8')
  expect(ticket).not.toContain('wt.application_boundary() b)')
})

test('should refuse to make a build whose layer would be off in parts', () => {
  // Switched off twice, it is not there the second time.
  expect(() => buildWithout(['filter', 'filter'])).toThrow('is 0 times in')
})

test('should tell how a script ended', async () => {
  using build = buildWithout([])
  expect(await build.run('nowhere.js')).toMatchObject({ code: 1, stdout: '' })
})
