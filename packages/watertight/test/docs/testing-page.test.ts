import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, expect, test } from 'vitest'

import { readBlocks, readDocuments } from './documents.ts'
import { readPrograms } from './programs.ts'

const command = fileURLToPath(new URL('../../bin/watertight.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'watertight-page-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

// What a stranger does who follows the page: the files, the commands, and what they are told to expect.
test('should go from a red test to a green one by the commands of the page alone', async () => {
  for (const { name, text } of readPrograms())
    if (['notes.ts', 'target.ts'].includes(name)) writeFileSync(join(folder, name), text)
  const page = readDocuments().find(({ path }) => path === 'docs/testing.md')
  expect(page).toBeDefined()
  const blocks = page === undefined ? [] : readBlocks(page).blocks
  const codes: number[] = []
  for (const [at, { words, text }] of blocks.entries()) {
    if (words[0] === 'diff') mend(text)
    const proof = text.split('\n').find((line) => line.startsWith('npx watertight prove'))
    if (words[0] !== 'sh' || proof === undefined) continue
    const { code, output } = await watertight(proof.split(' ').slice(2))
    codes.push(code)
    expect(output.split('\n')).toEqual(expect.arrayContaining(blocks[at + 1]?.text.split('\n') ?? []))
  }
  expect(codes).toEqual([1, 0])
}, 120_000)

/** Makes the change that a block shows, which must be there to be made. */
function mend(diff: string): void {
  const path = join(folder, 'notes.ts')
  const linesWith = (sign: string) => diff.split('\n').flatMap((line) => (line.startsWith(sign) ? [line.slice(1)] : []))
  const before = readFileSync(path, 'utf8')
  const after = before.replace(linesWith('-').join('\n'), linesWith('+').join('\n'))
  expect(after).not.toBe(before)
  writeFileSync(path, after)
}

function watertight(args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], NO_COLOR: '1' }
    execFile(process.execPath, [command, ...args], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stderr + stdout }),
    )
  })
}
