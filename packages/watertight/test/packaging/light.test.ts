import { execFile } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const library = fileURLToPath(new URL('../..', import.meta.url))

const megabyte = 1024 * 1024

describe('the packed library in an empty project', () => {
  let project: string

  // What a user gets: the tarball, its dependencies and no optional peer. `npm test` has built dist before.
  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), 'watertight-light-'))
    writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
    writeFileSync(join(project, 'probe.js'), probe)
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project], { cwd: library })
    const tarball = join(project, readPackedName(stdout))
    const flags = ['--prefix', project, '--prefer-offline', '--no-audit', '--no-fund']
    await run('npm', ['install', ...flags, tarball], { cwd: project })
  }, 120_000)

  afterAll(() => rmSync(project, { recursive: true, force: true }))

  test('should weigh at most 4 MB, dependencies included', () => {
    const files = globSync('node_modules/**/*', { cwd: project }).map((path) => statSync(join(project, path)))
    const bytes = files.reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0)
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThanOrEqual(4 * megabyte)
  })

  test('should be at most 5 packages, none of which runs a script when installed', () => {
    const lock = JSON.parse(readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8'))
    const installed = Object.keys(lock.packages)
    expect(installed).toContain('node_modules/watertight')
    expect(installed.length, installed.join(', ')).toBeLessThanOrEqual(5)
    expect(installed.filter((path) => lock.packages[path].hasInstallScript)).toEqual([])
  })

  test('should load no driver and no native module when imported', async () => {
    const { packages, natives } = await load('watertight')
    expect(packages).toContain('watertight')
    expect(packages.filter((name) => name !== 'watertight' && name !== 'jose')).toEqual([])
    expect(natives).toEqual([])
  })

  test('should start its command', async () => {
    const { stdout } = await run(process.execPath, ['node_modules/watertight/bin/watertight.js', '--help'], {
      cwd: project,
    })
    expect(stdout).toContain('watertight')
  })

  // The two checks above pass on silence, so each is shown something to see.
  test('should notice a package that is loaded later', async () => {
    writeFileSync(join(project, 'heavy.cjs'), "require('commander')")
    expect((await load('./heavy.cjs')).packages).toContain('commander')
  })

  test('should notice a native module', async () => {
    const native = pathToFileURL(fileURLToPath(import.meta.resolve('oxc-parser'))).href
    expect((await load(native)).natives).not.toEqual([])
  })

  async function load(specifier: string): Promise<{ packages: string[]; natives: string[] }> {
    const { stdout } = await run(process.execPath, ['probe.js', specifier], { cwd: project })
    return JSON.parse(stdout)
  }
})

/** Imports one specifier and prints which packages its modules came from, and which native modules the process mapped. */
const probe = `
import { registerHooks } from 'node:module'
const packages = new Set()
registerHooks({
  load(url, context, next) {
    const name = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]
    if (name !== undefined) packages.add(name)
    return next(url, context)
  },
})
await import(process.argv[2])
process.report.excludeNetwork = true
const natives = process.report.getReport().sharedObjects.filter((path) => path.endsWith('.node'))
console.log(JSON.stringify({ packages: [...packages], natives }))
`

/** npm 11 prints a list, npm 12 an object by name. */
function readPackedName(stdout: string): string {
  const [packed] = Object.values(JSON.parse(stdout))
  return (packed as { filename: string }).filename
}
