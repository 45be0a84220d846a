import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { Keyring } from '../boundary/index.ts'
import { openKeyFile } from './key-file.ts'

let place: string
let path: string
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'wt-keys-'))
  path = join(place, 'data.keys')
})
afterEach(() => rm(place, { recursive: true, force: true }))

test('should make keys once, for their owner alone, and read them again', async () => {
  const made = await openKeyFile(path, false)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const again = await openKeyFile(path, true)
  expect(again.derive('database-token').equals(made.derive('database-token'))).toBe(true)
  expect(await readdir(place)).toEqual(['data.keys'])
})

test('should make none for data that was made under others', async () => {
  await expect(openKeyFile(path, true)).rejects.toMatchObject({ code: 'KEYS_REFUSED' })
  expect(await readdir(place)).toEqual([])
})

test('should make them anew over a draft that was never finished', async () => {
  await writeFile(`${path}.new`, '1:ha', { mode: 0o600 })
  await openKeyFile(path, false)
  expect(await readdir(place)).toEqual(['data.keys'])
  expect(Keyring.parse(await readFile(path, 'utf8')).kids).toEqual(['1'])
})

test.each([0o644, 0o640, 0o660, 0o604, 0o601, 0o777])('should refuse a file of mode %o', async (mode) => {
  await openKeyFile(path, false)
  await chmod(path, mode)
  await expect(openKeyFile(path, true)).rejects.toMatchObject({ code: 'KEYS_REFUSED' })
})

test.each(['', '\n', '1:short', 'not keys at all', `1:${'A'.repeat(43)},1:${'B'.repeat(43)}`])(
  'should refuse keys that are malformed, and repeat none of them: %j',
  async (text) => {
    await writeFile(path, text, { mode: 0o600 })
    const refusal: unknown = await openKeyFile(path, true).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'KEYS_REFUSED' })
    if (text.trim() !== '') expect(String(refusal)).not.toContain(text)
  },
)
