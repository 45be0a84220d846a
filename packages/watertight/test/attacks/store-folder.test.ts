import {
  chmod,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { Authority, Keyring } from '../../src/boundary/index.ts'
import { openStore } from '../../src/store/index.ts'
import { openPglite } from '../../src/store/pglite.ts'
import { spawnNode } from '../support/processes.ts'
import type { NodeProcess } from '../support/processes.ts'

const opener = fileURLToPath(new URL('store-opener.ts', import.meta.url))

// A folder with its keys is made once and copied: making one takes seconds.
let made: string
beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'wt-folder-'))
  await (await open(join(made, 'data'))).close()
}, 90_000)
afterAll(() => rm(made, { recursive: true, force: true }))

let place: string
let folder: string
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'wt-folder-'))
  folder = join(place, 'data')
})
async function putData(): Promise<void> {
  await cp(made, place, { recursive: true })
}
afterEach(() => rm(place, { recursive: true, force: true }))

const open = (database = folder, keys?: string) =>
  openStore({ database, ...(keys === undefined ? {} : { keys }) }, new Authority())

async function firstLine(child: NodeProcess): Promise<string> {
  for await (const line of child.lines) return line
  throw new Error(`The process said nothing but: ${child.stderr}`)
}

/** What the folder holds, read by its superuser after everybody has left. */
async function keysInFolder(): Promise<{ memories: readonly string[]; events: readonly string[] }> {
  const { engine } = await openPglite(folder, undefined, undefined)
  const client = await engine.pool.connect()
  try {
    await client.query({ text: 'reset role' })
    await client.query({ text: 'set enable_indexscan = off' })
    const ask = async (text: string) => (await client.query({ text })).rows.map((row) => String(row['key']))
    return {
      memories: await ask(`select key from wt.user_memory where key <> ''`),
      events: await ask(`select detail #>> '{keys,0}' as key from wt.audit_event where event = 'memory-written'`),
    }
  } finally {
    client.release()
    await engine.close()
  }
}

describe('the folder', { timeout: 90_000 }, () => {
  test('should let no other user of the machine in, also after somebody opened it to all', async () => {
    const modeOf = async () => (await stat(folder)).mode & 0o777
    await putData()
    await chmod(folder, 0o777)
    await (await open()).close()
    expect(await modeOf()).toBe(0o700)
    expect((await stat(join(made, 'data'))).mode & 0o777).toBe(0o700)
  })
})

describe('directory-lock', { timeout: 90_000 }, () => {
  test('should refuse a second process, and a second opening in this one, and leave the folder intact', async () => {
    await putData()
    const store = await open()
    const before = await readdir(folder)
    await using second = spawnNode(opener, [folder])
    expect(await firstLine(second)).toBe('FOLDER_REFUSED')
    await expect(open()).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
    expect(await readdir(folder)).toEqual(before)
    await store.close()
    await putData()
  })

  test('should be one lock for one folder, however its path is written', async () => {
    await putData()
    const store = await open()
    await symlink(folder, join(place, 'link'))
    await mkdir(join(place, 'other'))
    for (const spelling of [join(place, 'link'), join(place, '.', 'other', '..', 'data'), `${folder}/`])
      await expect(open(spelling), spelling).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
    await store.close()
  })

  test('should let exactly one of several processes win', async () => {
    await putData()
    for (let round = 0; round < 2; round++) {
      const racers = Array.from({ length: 3 }, () => spawnNode(opener, [folder]))
      const said = await Promise.all(racers.map(firstLine))
      expect(said.toSorted()).toEqual(['FOLDER_REFUSED', 'FOLDER_REFUSED', 'open'])
      // Killed, so that the next round races for a lock that a dead process holds.
      await Promise.all(racers.map((racer) => racer.kill()))
    }
    await (await open()).close()
    expect((await readdir(place)).toSorted()).toEqual(['data', 'data.keys'])
  })

  test('should give the lock back when opening fails', async () => {
    await putData()
    await rename(`${folder}.keys`, `${folder}.away`)
    await expect(open()).rejects.toMatchObject({ code: 'KEYS_REFUSED' })
    expect(await readdir(place)).not.toContain('data.lock')
    await rename(`${folder}.away`, `${folder}.keys`)
    await (await open()).close()
  })

  test('kill-9: should lose nothing that was acknowledged and tear nothing, and take over the stale lock', async () => {
    await putData()
    await using writer = spawnNode(opener, [folder, '100000'])
    const acknowledged: string[] = []
    for await (const line of writer.lines) {
      if (line.startsWith('wrote ')) acknowledged.push(line.slice('wrote '.length))
      if (acknowledged.length === 60) break
    }
    await writer.kill()
    expect(await readdir(place)).toContain('data.lock')
    for await (const line of writer.lines) if (line.startsWith('wrote ')) acknowledged.push(line.slice('wrote '.length))
    const { memories, events } = await keysInFolder()
    expect(acknowledged.filter((key) => !memories.includes(key))).toEqual([])
    expect(events.toSorted()).toEqual(memories.toSorted())
  })
})

describe('the keys of a folder', { timeout: 90_000 }, () => {
  test('should lie beside it, for its owner alone', async () => {
    await putData()
    expect((await stat(`${folder}.keys`)).mode & 0o777).toBe(0o600)
    const secret = (await readFile(`${folder}.keys`, 'utf8')).trim().split(':')[1] ?? ''
    for (const name of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (name.isFile())
        expect((await readFile(join(name.parentPath, name.name))).includes(secret), name.name).toBe(false)
    }
  })

  test('should be refused when they are gone, and not made anew', async () => {
    await putData()
    await rm(`${folder}.keys`)
    await expect(open()).rejects.toMatchObject({ code: 'KEYS_REFUSED' })
    expect(await readdir(place)).toEqual(['data'])
  })

  test('should be refused when they are another folder\u2019s, and those of the data stay in it', async () => {
    await putData()
    await copyFile(`${folder}.keys`, join(place, 'kept'))
    for (const other of [Keyring.generate(), Keyring.generate().replace('1:', '2:'), 'x', '1:short', '']) {
      await writeFile(`${folder}.keys`, other, { mode: 0o600 })
      await expect(open(), 'in the file').rejects.toMatchObject({ code: 'KEYS_REFUSED' })
    }
    await expect(open(folder, Keyring.generate()), 'as an option').rejects.toMatchObject({ code: 'KEYS_REFUSED' })
    await copyFile(join(place, 'kept'), `${folder}.keys`)
    await chmod(`${folder}.keys`, 0o600)
    await (await open()).close()
  })

  test('should be refused when others may read them', async () => {
    await putData()
    for (const mode of [0o644, 0o640, 0o604, 0o660]) {
      await chmod(`${folder}.keys`, mode)
      await expect(open(), mode.toString(8)).rejects.toMatchObject({ code: 'KEYS_REFUSED' })
    }
  })

  test('should be rotated by putting a new one in front of the old', async () => {
    await putData()
    const old = (await readFile(`${folder}.keys`, 'utf8')).trim()
    const next = Keyring.generate().replace('1:', '2:')
    await (await open(folder, `${next},${old}`)).close()
    await (await open(folder, next)).close()
    await expect(open(folder, old)).rejects.toMatchObject({ code: 'KEYS_REFUSED' })
  })
})

describe('a folder that is none', { timeout: 90_000 }, () => {
  test('should be refused when it holds something else, and be left as it was', async () => {
    await mkdir(folder)
    await writeFile(join(folder, 'letter.txt'), 'mine')
    for (const keys of [undefined, Keyring.generate()])
      await expect(open(folder, keys)).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
    expect(await readdir(folder)).toEqual(['letter.txt'])
    expect((await readdir(place)).toSorted()).toEqual(['data'])
  })

  test('should be refused when it is a file', async () => {
    await writeFile(folder, 'mine')
    await expect(open()).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
    expect(await readFile(folder, 'utf8')).toBe('mine')
  })

  test('should be refused when it is the data of another version', async () => {
    await putData()
    await writeFile(join(folder, 'PG_VERSION'), '9\n')
    await expect(open()).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
    expect(await readdir(place)).not.toContain('data.lock')
  })

  test('should be made anew when it was killed in the making', async () => {
    await mkdir(join(folder, 'pg_wal'), { recursive: true })
    await writeFile(`${folder}.keys`, Keyring.generate(), { mode: 0o600 })
    const store = await open()
    expect(await store.operate('operator_ping', [])).toHaveLength(1)
    await store.close()
  })
})
