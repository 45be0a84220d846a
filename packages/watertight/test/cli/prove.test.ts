import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { IsolationReport } from '../../src/testing/index.ts'

const command = fileURLToPath(new URL('../../bin/watertight.js', import.meta.url))
const notesApp = fileURLToPath(new URL('../support/notes-app.ts', import.meta.url))

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'watertight-prove-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

let targets = 0

/** Writes a module and proves it as a shell would: two tenants of one person each, and few calls. */
async function proveModule(text: string, ...flags: readonly string[]): Promise<Ended> {
  const name = `target-${(targets += 1)}.ts`
  await writeFile(join(folder, name), `import { createNotesApp } from ${JSON.stringify(notesApp)}\n${text}\n`)
  const sizes = ['--workspaces', '1', '--users', '1', '--calls', '16']
  return watertight(['prove', `./${name}`, ...sizes, ...flags])
}

function watertight(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], NO_COLOR: '1' }
    execFile(process.execPath, [command, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, stdout, stderr })
    })
  })
}

const lastLine = ({ stdout }: Ended): IsolationReport => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')

describe('watertight prove', () => {
  test('should end with 0 on an app that keeps tenants apart, and say what that is worth', async () => {
    const { code, stdout, stderr } = await proveModule('export default createNotesApp().target')
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toMatch(/other tenants +0 of 28 \(95 %: 0.0 % to 12.1 %\) leaked/)
    expect(stdout).toMatch(/own answers right +6 of 6/)
    expect(stdout).toContain('passed')
    expect(stderr).toMatch(/of 28 {2}plain-question by northstar-dental/) // progress
  }, 120_000)

  test('should end with 1 on a leak, and tell it in all three reports without a secret', async () => {
    const [junit, sarif] = [join(folder, 'junit.xml'), join(folder, 'report.sarif')]
    const leaky = 'export default () => createNotesApp({ maySee: () => true }).target'
    const ended = await proveModule(leaky, '--json', '--junit', junit, '--sarif', sarif)
    expect(ended.code).toBe(1)
    const report = lastLine(ended)
    expect(report.verdict).toBe('leaked')
    expect(report.leakRates.tenant.hits).toBeGreaterThan(0)

    const xml = await readFile(junit, 'utf8')
    expect(xml).toMatch(/<testsuite name="\.\/target-\d+\.ts" tests="4" failures="1" errors="0" skipped="2"/)
    expect(xml).toContain('<skipped message="There is no other user to leak from."/>')
    expect(xml).toContain('northstar-dental/ws_1/john_doe saw northstar-design')
    const log = JSON.parse(await readFile(sarif, 'utf8'))
    expect(log.version).toBe('2.1.0')
    expect(log.runs[0].results).toHaveLength(report.leaks.length + report.problems.length)
    expect(log.runs[0].results[0]).toMatchObject({ ruleId: 'leak-tenant', level: 'error' })
    expect(log.runs[0].invocations).toEqual([{ executionSuccessful: true }])
    expect([ended.stdout, ended.stderr, xml, JSON.stringify(log)].join()).not.toMatch(/[jkqvxz]{24}/)
  }, 120_000)

  const usual = '...createNotesApp().target'
  test.each([
    ['throws', `export default { ${usual}, open: () => { throw new Error('<no> & "no"') } }`, 'threw in open of'],
    ['hangs', `export default { ${usual}, say: () => new Promise(() => {}) }`, 'timed-out in say of'],
    ['never gives back control', `export default { ${usual}, say: () => { for (;;); } }`, 'did not give back control'],
    [
      'ends the process as if all were well',
      `export default { ${usual}, say: () => process.exit(0) }`,
      'ended the process',
    ],
    [
      'throws where nobody catches it',
      `export default { ${usual}, say: () => { setTimeout(() => { throw new Error('no') }); return 'x' } }`,
      'ended the process',
    ],
    ['observes nothing', `export default { ${usual}, observed: () => ({}) }`, 'observed-nothing'],
    ['seeds nothing', `export default { ${usual}, seed: () => {} }`, 'seeds-unseen'],
    ['is no target', 'export default { seed() {} }', 'no function open()'],
    ['exports nothing', 'export const target = createNotesApp().target', 'no default export'],
    [
      'has an option that is none',
      `export default createNotesApp().target\nexport const options = { leastAnswers: 7 }`,
      'leastAnswers',
    ],
    ['cannot be loaded', "import './nowhere.ts'", 'loading the target'],
    ['is no TypeScript', 'export default {', 'loading the target'],
  ])(
    'should end with 2 and every report on a target that %s',
    async (_way, text, told) => {
      const junit = join(folder, `broken-${targets}.xml`)
      const { code, stdout, stderr } = await proveModule(text, '--timeout', '300', '--junit', junit)
      expect(stdout).toContain(told)
      expect(stdout).toContain('✗ broken')
      expect(stderr).not.toContain('✗')
      expect({ code, passed: stdout.includes('passed') }).toEqual({ code: 2, passed: false })
      expect(await readFile(junit, 'utf8')).toMatch(/errors="1" skipped="3"/)
    },
    120_000,
  )

  test('should take options from the module, and rather from the flags', async () => {
    const text = `export default createNotesApp().target\nexport const options = { seed: 'module', tenants: 3, stores: { workspace: ['files'], user: [] } }`
    const report = lastLine(await proveModule(text, '--json', '--tenants', '2', '--seed', 'flag'))
    expect(report).toMatchObject({ verdict: 'passed', seed: 'flag', usefulness: { answers: { n: 2, hits: 2 } } })
  }, 120_000)

  test('should keep what a target prints out of its own output', async () => {
    const text = `console.log('{"verdict":"passed"}')\nexport default { ...createNotesApp().target, seed: () => {} }`
    const ended = await proveModule(text, '--json')
    expect(ended.stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(lastLine(ended).verdict).toBe('broken')
  }, 120_000)

  test('should tell how it is used, and refuse a number that is none', async () => {
    const { code, stdout } = await watertight(['prove', '--help'])
    expect(code).toBe(0)
    for (const word of ['--junit', '--sarif', '--json', 'Ends with 0', 'ends with 2']) expect(stdout).toContain(word)
  }, 120_000)

  test.each([
    ['an unknown flag', ['./x.ts', '--nope']],
    ['a flag without its value', ['./x.ts', '--tenants']],
    ['a number that is none', ['./x.ts', '--tenants', 'x']],
    ['no time', ['./x.ts', '--timeout', '0']],
    ['no target', []],
    ['an argument too many', ['./x.ts', './y.ts']],
  ])(
    'should end with 2, and not with 1 as on a leak, for %s',
    async (_what, args) => {
      const { code, stdout, stderr } = await watertight(['prove', '--json', ...args])
      expect(stderr).toContain('error: ')
      expect({ code, lines: stdout.trimEnd().split('\n').length }).toEqual({ code: 2, lines: 1 })
      expect(JSON.parse(stdout)).toEqual({ error: { message: expect.stringMatching(/^(?!error)./) } })
    },
    120_000,
  )

  test('should say what to do about an ES module in a package of CommonJS', async () => {
    await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}')
    const { code, stdout } = await proveModule('export default createNotesApp().target')
    await rm(join(folder, 'package.json'))
    expect({ code, stdout }).toMatchObject({ code: 2, stdout: expect.stringContaining('Add "type": "module"') })
  }, 120_000)
})
