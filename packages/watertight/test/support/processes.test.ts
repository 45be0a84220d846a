import { fileURLToPath } from 'node:url'

import { describe, expect, test } from 'vitest'

import { spawnNode, type NodeProcess } from './processes.ts'

const script = fileURLToPath(new URL('./fixtures/count.ts', import.meta.url))

describe('spawnNode', () => {
  test('should pass arguments and environment, and tell the lines, the errors and the exit code', async () => {
    await using child = spawnNode(script, ['end', '7'], { WATERTIGHT_TEST_WORD: 'hello' })
    expect(await child.exited).toEqual({ code: 7, signal: null })
    expect(await readLines(child)).toEqual(['end hello']) // printed long before anybody read
    expect(child.stderr).toBe('goodbye\n')
  })

  test('should go on with the next line in a second loop', async () => {
    await using child = spawnNode(script, ['count'], { WATERTIGHT_TEST_WORD: 'on' })
    expect(await readLines(child, 3)).toEqual(['count on', '1', '2'])
    expect(await readLines(child, 2)).toEqual(['3', '4'])
  })

  test('should kill with a signal that cannot be handled', async () => {
    await using child = spawnNode(script, ['count'])
    await readLines(child, 2)
    expect(await child.kill()).toEqual({ code: null, signal: 'SIGKILL' })
    expect(await child.kill()).toEqual({ code: null, signal: 'SIGKILL' })
    expect(await readLines(child)).not.toContain('not yet')
  })

  test('should tell why a script that is not there did not run', async () => {
    await using child = spawnNode(`${script}.missing`)
    expect(await child.exited).toEqual({ code: 1, signal: null })
    expect(child.stderr).toContain('Cannot find module')
  })
})

async function readLines(child: NodeProcess, count = Number.POSITIVE_INFINITY): Promise<string[]> {
  const lines: string[] = []
  for await (const line of child.lines) {
    lines.push(line)
    if (lines.length === count) break
  }
  return lines
}
