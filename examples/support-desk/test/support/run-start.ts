import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'

import type { RunOutcome } from '../../src/outcome.ts'
import { runCommand, type Otherwise } from '../../src/run-command.ts'

export interface Started {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly outcomes: readonly RunOutcome[]
}

/** Runs the command as a shell would, but in this process. */
export async function runStart(
  parameters: readonly string[],
  otherwise: Otherwise = {},
  env: NodeJS.ProcessEnv = {},
): Promise<Started> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const written = Promise.all([text(stdout), text(stderr)])
  const outcomes: RunOutcome[] = []
  const onOutcomes = (all: readonly RunOutcome[]): void => void outcomes.push(...all)
  const code = await runCommand(parameters, { stdout, stderr, env }, { ...otherwise, onOutcomes })
  stdout.end()
  stderr.end()
  const [told, progress] = await written
  return { code, stdout: told, stderr: progress, outcomes }
}
