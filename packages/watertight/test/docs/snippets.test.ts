import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { sourceAliases } from '../../../../tools/source-aliases.ts'
import { root } from './documents.ts'
import { readPrograms } from './programs.ts'

const run = promisify(execFile)

const programs = readPrograms()
const running = programs.filter(({ use }) => use === 'run')

describe('the code of the documents', () => {
  let folder: string
  let work: string

  beforeAll(() => {
    // Inside the package, so that names of packages mean what they mean to it. A dot keeps other tools away.
    folder = mkdtempSync(fileURLToPath(new URL('./.snippets-', import.meta.url)))
    work = mkdtempSync(join(tmpdir(), 'watertight-docs-'))
    for (const { name, text } of programs) writeFileSync(join(folder, name), `${text}\n`)
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(compilerSettings()))
  })

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
    rmSync(work, { recursive: true, force: true })
  })

  test('should be there, each under a name of its own', () => {
    expect(running.length).toBeGreaterThan(5)
    expect(new Set(programs.map(({ name }) => name)).size).toBe(programs.length)
  })

  test('should have the types that the library has', async () => {
    const compiler = join(root, 'node_modules/.bin/tsc')
    const { stdout } = await run(compiler, ['-p', folder, '--pretty', 'false'], { cwd: folder }).catch(toResult)
    // What is wrong in the sources is told by `npm run check`.
    const wrong = stdout.split('\n').filter((line) => /^[\w-]+\.ts\(/.test(line))
    expect(wrong.map(toPlace)).toEqual([])
  }, 120_000)

  test.each(running)(
    'should print at $title what the page says',
    async ({ name, output }) => {
      const cwd = mkdtempSync(join(work, 'run-'))
      const hooks = new URL('./resolve-sources.ts', import.meta.url).href
      const { stdout } = await run(process.execPath, ['--import', hooks, join(folder, name)], {
        cwd,
        env: bareEnvironment(),
      })
      expect(stdout.trimEnd()).toBe(output.trimEnd())
    },
    120_000,
  )
})

/** Names the document instead of the file that was made of it. */
function toPlace(message: string): string {
  const [, name = '', line = '0'] = /^([\w-]+\.ts)\((\d+)/.exec(message) ?? []
  return `${programs.find((program) => program.name === name)?.title ?? name} + ${line}: ${message}`
}

function toResult(error: unknown): { stdout: string } {
  return { stdout: error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error) }
}

function compilerSettings(): object {
  const sources = sourceAliases().map(({ find, replacement }) => [
    find.source.slice(1, -1).replaceAll('\\/', '/'),
    [replacement],
  ])
  return {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      noEmit: true,
      declaration: false,
      declarationMap: false,
      allowImportingTsExtensions: true,
      rewriteRelativeImportExtensions: false,
      noUnusedLocals: false, // a fragment shows one call, and not what comes of it
      paths: Object.fromEntries(sources),
    },
    include: ['*.ts'],
  }
}

// A program of the documents knows nothing of the machine that it runs on, such as the keys of somebody's server.
function bareEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], TZ: 'UTC', NO_COLOR: '1' }
}
