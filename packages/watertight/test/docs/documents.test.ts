import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { describe, expect, test } from 'vitest'

import { anchorsOf, linksOf, readBlocks, readDocuments, root } from './documents.ts'
import type { Document } from './documents.ts'

const run = promisify(execFile)

const documents = readDocuments()
const read = (path: string) => readFileSync(root + path, 'utf8')
const { scripts } = JSON.parse(read('package.json'))
const { version } = JSON.parse(read('packages/watertight/package.json'))

/** The lines of a document that a pattern finds, each with its place. */
function find({ path, text }: Document, pattern: RegExp): readonly string[] {
  const lines = text.split('\n').map((line, at) => `${path}:${at + 1}: ${line}`)
  return lines.filter((line) => pattern.test(line))
}

describe.each(documents)('$path', (document) => {
  test('should link to nothing that is not there', () => {
    const broken = linksOf(document).filter(({ path, anchor }) => !leads(path, anchor))
    expect(broken).toEqual([])
  })

  test('should name no command of npm that the repository lacks', () => {
    const named = [...document.text.matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, script = '']) => script)
    expect(named.filter((script) => !(script in scripts))).toEqual([])
  })

  test('should name no path of a machine, no registry and no number of a thread', () => {
    expect(find(document, machine)).toEqual([])
    expect(find(document, elsewhere)).toEqual([])
  })

  test('should use no word that fills', () => {
    if (document.path === 'CONTRIBUTING.md') return // which lists them
    expect(find(document, filler)).toEqual([])
  })
})

const machine = /(?<![\w.:/])\/(home|root|Users|work|tmp|usr|opt|mnt|var)\/\w|[A-Z]:\\\\?Users/
const elsewhere = /\bregistry\.[a-z]|artifactory|verdaccio|\.internal\b|\b(issue|pull request|PR) #?\d/i
const filler =
  /\b(simply|easily|seamless(ly)?|robust|powerful|leverage|comprehensive|under the hood|best practices?|in order to)\b/i

function leads(path: string, anchor: string): boolean {
  if (!existsSync(root + path)) return false
  return anchor === '' || anchorsOf({ path, text: read(path) }).has(anchor)
}

// Guards that have never failed prove nothing: each is shown what it is for.
describe('the guards of the documents', () => {
  const planted = (text: string): Document => ({ path: 'docs/planted.md', text })

  test.each(['[a](gone.md)', '[a](store.md#gone)', '[a](#gone)', '[a](../docs/gone.md)'])('should catch %s', (text) => {
    const [link] = linksOf(planted(text))
    expect(link !== undefined && link.path !== 'docs/planted.md' && leads(link.path, link.anchor)).toBe(false)
  })

  test('should take a link that leads somewhere, and one that leads out', () => {
    const links = linksOf(planted('[a](store.md#token) and [b](https://example.org/)'))
    expect(links).toEqual([{ path: 'docs/store.md', anchor: 'token' }])
    expect(leads('docs/store.md', 'token')).toBe(true)
  })

  test('should not read a link inside a block', () => {
    expect(linksOf(planted('```text\n[a](gone.md)\n```'))).toEqual([])
  })

  test.each(['see /home/ada/app', 'see /tmp/x', String.raw`C:\Users\ada`])('should catch the path in %j', (text) => {
    expect(find(planted(text), machine)).toHaveLength(1)
  })

  test.each(['https://registry.example.org/', 'as in issue #12', 'see PR 7'])('should catch %j', (text) => {
    expect(find(planted(text), elsewhere)).toHaveLength(1)
  })
})

describe('SECURITY.md', () => {
  const text = read('SECURITY.md')

  test('should support the version that this is, and no other', () => {
    const [, supported] = /^\| (\S+)\.x +\| yes/m.exec(text) ?? []
    expect(`${version}.`).toContain(`${supported}.`)
    expect(version.startsWith(`${supported}.`)).toBe(true)
    expect([...text.matchAll(/^\| [\d.x]+ +\| yes/gm)]).toHaveLength(1)
  })

  test('should name tests that are there, at least one for each guarantee', () => {
    const [, guarantees = ''] = /^## Guarantees\n([\s\S]*?)^## /m.exec(text) ?? []
    const [, ...paragraphs] = guarantees.trim().split('\n\n')
    expect(paragraphs.length).toBeGreaterThan(5)
    const proofs = paragraphs.map((paragraph) =>
      [...paragraph.matchAll(/`(packages\/[^`]+\.test\.ts)`/g)].map(([, path = '']) => path),
    )
    expect(paragraphs.filter((_paragraph, at) => proofs[at]?.length === 0)).toEqual([])
    expect(proofs.flat().filter((path) => !existsSync(root + path))).toEqual([])
    expect(proofs.flat().filter((path) => !path.startsWith('packages/watertight/test/attacks/'))).toEqual([])
  })
})

describe('CHANGELOG.md', () => {
  test('should have an entry for the version that this is', () => {
    expect(read('CHANGELOG.md')).toMatch(
      new RegExp(String.raw`^## \[${version.replaceAll('.', String.raw`\.`)}\] - \d{4}-\d\d-\d\d$`, 'm'),
    )
  })
})

describe('the audit page', () => {
  test('should list every event that there is', () => {
    const [, union = ''] = /AuditEventName =\n([\s\S]*?)\n\n/.exec(read('packages/watertight/src/audit/event.ts')) ?? []
    const events = [...union.matchAll(/\| '([a-z-]+)'/g)].map(([, name]) => name)
    const listed = [...read('docs/audit.md').matchAll(/^\| `([a-z-]+)` /gm)].map(([, name]) => name)
    expect(events.length).toBeGreaterThan(20)
    expect(listed).toEqual(expect.arrayContaining(events))
    expect(listed.filter((name) => !events.includes(name) && (name ?? '').includes('-'))).toEqual([])
  })
})

describe('the main page', () => {
  test('should list every code of a refusal', () => {
    const [, union = ''] = /RefusalCode =\n([\s\S]*?)\n\n/.exec(read('packages/watertight/src/errors.ts')) ?? []
    const codes = [...union.matchAll(/\| '([A-Z_]+)'/g)].map(([, code]) => code)
    const listed = [...read('docs/watertight.md').matchAll(/^\| `\w+` +\| `([A-Z_]+)` /gm)].map(([, code]) => code)
    expect(codes.length).toBeGreaterThan(10)
    expect(new Set(listed)).toEqual(new Set(codes))
  })
})

/** What the blocks of `sh` may call. Of `npm` and `watertight` the words after it are checked too. */
const programs = new Set(['git', 'cd', 'npm', 'npx', 'watertight'])

describe('the commands of the documents', () => {
  const commands = documents.flatMap((document) =>
    readBlocks(document).blocks.flatMap(({ path, line, words, text }) =>
      words[0] === 'sh' ? text.split('\n').map((command, at) => ({ place: `${path}:${line + at + 1}`, command })) : [],
    ),
  )

  test.each(commands)('should be there: $place $command', async ({ command }) => {
    const words = command.split(' ').filter((word) => !/^[A-Z_]+=/.test(word))
    const [program = '', first = '', ...rest] = words
    expect(programs).toContain(program)
    if (program === 'npm') expect(isNpmCommand(first, rest)).toBe(true)
    if (program === 'npx') {
      expect(first).toBe('watertight')
      const [name = '', ...given] = rest
      const help = await helpOf(name)
      const flags = given.filter((word) => word.startsWith('--'))
      expect(flags.filter((flag) => !help.includes(`${flag} `))).toEqual([])
    }
  })

  test('should find none that is not there', async () => {
    expect(isNpmCommand('run', ['gone'])).toBe(false)
    await expect(helpOf('gone')).rejects.toThrow('help gone')
  })
})

function isNpmCommand(first: string, rest: readonly string[]): boolean {
  if (first === 'run') return (rest[0] ?? '') in scripts
  if (first === 'pkg') return rest[0] === 'set'
  return ['ci', 'init', 'install'].includes(first) || (['start', 'test'].includes(first) && first in scripts)
}

async function helpOf(name: string): Promise<string> {
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
  // Not `NAME --help`, which prints the help of all for a name that is unknown.
  const { stdout } = await run(process.execPath, [main, 'help', name])
  return stdout
}
