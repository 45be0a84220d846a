import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { link, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { lockFolder } from './folder-lock.ts'

let place: string
let path: string
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'wt-lock-'))
  path = join(place, 'data.lock')
})
afterEach(() => rm(place, { recursive: true, force: true }))

// No process has this number: the kernel's largest is 4,194,304.
const dead = { pid: 4_194_305, started: '1', token: 'dead' }
const put = (holder: unknown, at = path) => writeFile(at, JSON.stringify(holder))

test('should be held by one, and given back', async () => {
  const unlock = await lockFolder(path)
  await expect(lockFolder(path)).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
  await unlock()
  expect(await readdir(place)).toEqual([])
  await (
    await lockFolder(path)
  )()
})

test('should let exactly one of many win, free or left by a dead process', async () => {
  for (const stale of [false, true]) {
    for (let round = 0; round < 20; round++) {
      if (stale) await put(dead)
      const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(path)))
      const won = tries.filter((one) => one.status === 'fulfilled')
      expect(won).toHaveLength(1)
      await won[0]?.value()
      expect(await readdir(place)).toEqual([])
    }
  }
})

test('should take over from a dead process, also when its number is another one\u2019s by now', async () => {
  for (const holder of [dead, { ...dead, pid: process.pid }]) {
    await put(holder)
    const unlock = await lockFolder(path)
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid })
    await unlock()
  }
})

// In a container whose first process reaps nobody, what was killed keeps its number for good.
test.runIf(process.platform === 'linux')(
  'should take over from a process that was killed and never waited for',
  async () => {
    const parent = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 600'])
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer]
      const pid = Number(line.toString().trim())
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')
      await put({ pid, started: stat[21] ?? '', token: 'sleeper' })
      await expect(lockFolder(path)).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
      process.kill(pid, 'SIGKILL')
      await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z '))
      await (
        await lockFolder(path)
      )()
    } finally {
      parent.kill('SIGKILL')
    }
  },
)

test('should remove no lock while another one is at it, and mind no one who died at it', async () => {
  const other = await lockFolder(join(place, 'other'))
  await put(dead)
  await link(join(place, 'other'), `${path}.claim`)
  await expect(lockFolder(path)).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(dead)
  await other()

  await put({ ...dead, token: 'claimer' }, `${path}.claim`)
  const unlock = await lockFolder(path)
  await unlock()
  expect(await readdir(place)).toEqual([])
})

test.each(['', 'x', 'null', '[]', '{}', '{"pid":"1"}', '{"pid":1,"started":"1"}'])(
  'should leave a lock alone that it does not understand: %j',
  async (text) => {
    await writeFile(path, text)
    await expect(lockFolder(path)).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
    expect(await readFile(path, 'utf8')).toBe(text)
  },
)

test('should give back no lock but its own', async () => {
  const unlock = await lockFolder(path)
  await put({ ...dead, token: 'somebody else' })
  await unlock()
  expect(await readdir(place)).toEqual(['data.lock'])
})

test('should refuse where it cannot be written', async () => {
  await expect(lockFolder(join(place, 'missing', 'data.lock'))).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
})
