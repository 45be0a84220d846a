import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the stacks read when they are imported: no usage data, no tracing, no folder in the home of whoever runs this. */
const switches = {
  MEM0_TELEMETRY: 'false',
  MASTRA_TELEMETRY_DISABLED: '1',
  LANGSMITH_TRACING: 'false',
  LANGCHAIN_TRACING_V2: 'false',
  DO_NOT_TRACK: '1',
}

/** Keeps the stacks to this machine. Call it before the first of them is imported. */
export function silence(): void {
  const folder = mkdtempSync(join(tmpdir(), 'watertight-stacks-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  Object.assign(process.env, switches, { MEM0_DIR: folder })
  // A switch that a new version no longer reads must not go unnoticed: whoever calls out fails, and its stack with it.
  globalThis.fetch = async () => {
    throw new Error('A stack tried to call out. Nothing here needs the network.')
  }
}
