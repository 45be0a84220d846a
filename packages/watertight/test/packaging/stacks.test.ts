import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { describe, expect, test } from 'vitest'

import { exactLabel } from '../../../../conformance/kit/exact-label.ts'
import { pairs } from '../../../../conformance/kit/owners.ts'
import { ownOnly } from '../../../../conformance/kit/own-only.ts'
import { writePage } from '../../../../conformance/kit/page.ts'
import { runStack } from '../../../../conformance/kit/run-stack.ts'
import type { StackRow } from '../../../../conformance/kit/run-stack.ts'
import type { Door, Stack } from '../../../../conformance/kit/stack.ts'
import { printTable, writeTable } from '../../../../conformance/kit/table.ts'
import { judgeKit } from '../../../../conformance/kit/verdict.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

// The packages of the stacks are not installed for the tests: what is judged here is the kit, on stacks made for it.
interface Note {
  readonly id: string
  readonly tenant: string
  text: string
}

/** How a made-up stack goes wrong; nothing, where it keeps tenants apart. */
interface Faults {
  /** the tenant, as it is kept */
  readonly fold?: (tenant: string) => string
  /** whether a note of one tenant is listed for another */
  readonly lists?: (of: string, to: string) => boolean
  /** anybody reads and removes by id */
  readonly anybody?: boolean
  readonly refuses?: (tenant: string) => boolean
  readonly showsNothing?: boolean
}

function makeStack(faults: Faults, more: Partial<Stack> = {}): Stack {
  const { fold = (tenant) => tenant, lists = (of, to) => of === to, anybody = false } = faults
  const doorOf = (notes: Map<string, Note>, tenant: string): Door => {
    if (faults.refuses?.(tenant)) return { put: () => Promise.reject(new Error('no')), read: async () => undefined }
    const find = (id: string) => {
      const note = notes.get(id)
      return note !== undefined && (anybody || note.tenant === tenant) && !faults.showsNothing ? note : undefined
    }
    return {
      async put(_key, text) {
        const id = `id-${notes.size + 1}`
        notes.set(id, { id, tenant, text })
        return id
      },
      read: async (id) => find(id)?.text,
      list: async () => [...notes.values()].filter((note) => lists(note.tenant, tenant)).map(({ text }) => text),
      remove: async (id) => find(id) && notes.delete(id),
    }
  }
  return {
    name: 'made-up',
    packages: ['made-up'],
    idsOf: 'stack',
    setUp: 'for a test',
    toldBy: 'nobody',
    async open() {
      const notes = new Map<string, Note>()
      return {
        clean: async () => notes.clear(),
        tenant: (id) => doorOf(notes, fold(id)),
        [Symbol.asyncDispose]: async () => {},
      }
    },
    ...more,
  }
}

const options = { services: { postgres: () => Promise.reject(new Error('none here')) }, seed: 1, version: '1.2.3' }
const runMade = (faults: Faults, more?: Partial<Stack>) => runStack(makeStack(faults, more), options)

describe('a stack', () => {
  test('should be found tight where it keeps tenants apart', async () => {
    const { cases, leaks, repro, refused } = await runMade({})
    expect({ leaks, repro, refused }).toEqual({ leaks: 0, repro: '', refused: [] })
    expect(cases).toBe(3 * pairs().length)
  })

  test.each<[string, Faults, string]>([
    ['lists by the beginning of an id', { lists: (of, to) => of.startsWith(to) }, 'put acme2 note; list acme'],
    ['folds ids to lower case', { fold: (id) => id.toLowerCase() }, 'put acme note; list ACME'],
    ['trims ids', { fold: (id) => id.trim() }, 'put acme note; list "acme "'],
    ['normalises ids', { fold: (id) => id.normalize('NFC') }, String.raw`put "caf\u00e9" note; list "cafe\u0301"`],
    ['lets anybody read by id', { anybody: true }, 'put acme note; read acme2 note'],
  ])('should be caught where it %s, with the shortest script', async (_what, faults, script) => {
    expect((await runMade(faults)).repro).toBe(script)
  })

  test('should be caught where only a removal crosses', async () => {
    const stack = makeStack({ anybody: true })
    const open = async () => {
      const opened = await stack.open(options.services)
      const owners = new Map<string, string>()
      const tenant = (id: string): Door => {
        const door = opened.tenant(id)
        const put = async (key: string, text: string) => {
          const made = await door.put(key, text)
          owners.set(made, id)
          return made
        }
        return {
          ...ownOnly({ ...door, put }, (made) => owners.get(made) === id),
          ...(door.remove && { remove: door.remove }),
        }
      }
      return { ...opened, tenant }
    }
    const { repro, verbs } = await runStack({ ...stack, open }, options)
    expect(repro).toBe('put acme note; remove acme2 note; read acme note')
    expect(verbs.filter(({ leaks }) => leaks > 0).map(({ verb }) => verb)).toEqual(['remove'])
  })

  test('should not leak by refusing an id, which is then in no case', async () => {
    const { leaks, refused } = await runMade({ fold: (id) => id.toUpperCase(), refuses: (id) => id !== 'ACME' })
    expect(leaks).toBeGreaterThan(0) // acme, Acme and ACME are taken
    expect(refused).toContain('acme2')
    const plainOnly = await runMade({ refuses: (id) => id !== 'acme' })
    expect(plainOnly.cases).toBe(0)
    expect(judgeKit([plainOnly])).toEqual(['made-up was in no case: nothing is known of it.'])
  })

  test('should prove nothing where it shows nobody anything', async () => {
    await expect(runMade({ showsNothing: true })).rejects.toThrow(
      'It does not serve acme alone: read does not show it.',
    )
  })

  test('should give the same again for the same seed', async () => {
    const [one, another] = [await runMade({ anybody: true }), await runMade({ anybody: true })]
    expect(one).toEqual(another)
  })
})

describe('the verdict on the kit', () => {
  test('should be broken where the stack that is known to leak does not', async () => {
    const row = await runMade({}, { name: 'langgraph-store' })
    expect(judgeKit([row]).join()).toContain('the kit is blind')
  })

  test('should be broken where the one that is mended leaks', async () => {
    const row = await runMade({ anybody: true }, { name: 'langgraph-store-exact' })
    expect(judgeKit([row]).join()).toContain('the kit sees what is not there')
  })

  test('should be broken where a remedy leaks', async () => {
    const leaky = makeStack({ anybody: true })
    const row = await runMade({ anybody: true }, { remedy: { how: 'nothing', open: leaky.open } })
    expect(judgeKit([row])).toEqual(['made-up leaks with its remedy: it must not be advised.'])
  })

  test('should be sound where the controls behave, whatever else leaked', async () => {
    const rows = [
      await runMade({ lists: (of, to) => of.startsWith(to) }, { name: 'langgraph-store' }),
      await runMade({}, { name: 'langgraph-store-exact' }),
      await runMade({ anybody: true }),
    ]
    expect(judgeKit(rows)).toEqual([])
  })
})

test('should write no part of a namespace so that another begins with it', () => {
  const labels = [...new Set(pairs().map(({ owner }) => exactLabel(owner)))]
  for (const label of labels) {
    expect(label).toMatch(/^[0-9a-f]+z$/)
    expect(labels.filter((other) => other.startsWith(label))).toEqual([label])
  }
  expect(() => exactLabel('')).toThrow(TypeError)
  expect(() => exactLabel('\ud800')).toThrow(TypeError)
})

describe('the table', () => {
  const row: StackRow = {
    name: 'made-up',
    version: '1.2.3',
    cases: 12,
    leaks: 1,
    repro: 'put a|b note; list a',
    mended: 0,
    verbs: [{ verb: 'list', cases: 12, leaks: 1 }],
    refused: ['a b'],
  }

  test('should be told to people, and written as Markdown', () => {
    expect(printTable([row]).split('\n')[1]).toBe(
      'made-up  1.2.3    12     1      0       1           put a|b note; list a',
    )
    expect(writeTable([row]).split('\n')[2]).toContain(String.raw`| \`put a\|b note; list a\``.replaceAll('\\`', '`'))
  })

  test('should be put between the marks of the page, and replace what was there', () => {
    const page = readFileSync(`${root}docs/stacks.md`, 'utf8')
    const findings = { day: '2026-11-25', seen: [{ stack: makeStack({}), row }], versionOf: () => '1.2.3' }
    const once = writePage(page, findings)
    expect(once).toContain('- Leaks: list 1 of 12.\n- Tenants that it does not serve: `a b`.')
    expect(writePage(once, findings)).toBe(once)
    expect(() => writePage('no marks', findings)).toThrow(TypeError)
  })
})

test('should have a row and a part on the page for each stack', () => {
  const page = readFileSync(`${root}docs/stacks.md`, 'utf8')
  const names = globSync(`${root}conformance/stacks/*.ts`).map((file) => basename(file, '.ts'))
  const parts = [...page.matchAll(/^### (.+)$/gm)].map(([, name = '']) => name)
  expect(new Set(parts)).toEqual(new Set(names))
  for (const name of names) expect(page).toMatch(new RegExp(`^\\| ${name} +\\| \\d`, 'm'))
})

test('should be named by the help of the command', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [`${root}tools/prove.ts`, '--help'])
  expect(stdout).toContain('--stacks')
})
