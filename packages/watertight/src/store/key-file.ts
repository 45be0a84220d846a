import { open, readFile, rename, stat } from 'node:fs/promises'

import { Keyring } from '../boundary/index.ts'
import { KeysRefused } from '../errors.ts'

/**
 * Reads the key file of a data folder, or makes it when there is no data yet. It lies beside the folder, not inside: a
 * copy of the data must not carry the keys.
 *
 * @param path the key file, mode 0600
 * @param hasData whether the folder holds data already
 * @throws {KeysRefused} when there is data without keys, or others may read the file
 */
export async function openKeyFile(path: string, hasData: boolean): Promise<Keyring> {
  const written = await readKeys(path)
  if (written !== undefined) return Keyring.parse(written)
  if (hasData)
    throw new KeysRefused(
      'the data folder has no key file beside it',
      'Put back the .keys file that was made with the folder.',
    )
  const made = Keyring.generate()
  // Under its own name only when complete: an empty key file would lock its owner out. The folder's lock keeps others off.
  const draft = `${path}.new`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(`${made}\n`)
    await file.sync() // before any data is written under it: data whose keys were lost cannot be opened
  } finally {
    await file.close()
  }
  await rename(draft, path)
  return Keyring.parse(made)
}

async function readKeys(path: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path)
    // Windows has no such bits, and reports all of them.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new KeysRefused(
        'the key file may be read by others',
        `Run: chmod 600 on it, and replace its keys if somebody did.`,
      )
    }
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
