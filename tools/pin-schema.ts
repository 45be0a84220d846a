/**
 * Writes down what the migrations make of the schema `wt`, object by object, for start-up to compare a database with.
 * Run it after a change of packages/watertight/src/store/migrations: `npm run pin`. A test says when it was forgotten.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { openPglite } from '../packages/watertight/src/store/pglite.ts'
import { describeGuard, readSchema } from '../packages/watertight/src/store/preflight/guard.ts'
import { inspecting } from '../packages/watertight/src/store/preflight/inspecting.ts'

const target = fileURLToPath(new URL('../packages/watertight/src/store/preflight/pinned-schema.ts', import.meta.url))
const { engine } = await openPglite('memory://', undefined, undefined)
const rows = await inspecting(engine, (ask) => ask(describeGuard(engine)))
await engine.close()

const pinned = Object.fromEntries([...readSchema(rows)].toSorted(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(
  target,
  `// Written by \`npm run pin\` from the migrations. Do not edit.

/** What the migrations of this version make of the schema \`wt\`: each object, and all that is true of it. */
export const pinnedSchema: Readonly<Record<string, string>> = ${JSON.stringify(pinned, undefined, 2)}
`,
)
const { status } = spawnSync('oxfmt', [target], { stdio: 'inherit' })
process.exitCode = status ?? 1
console.log(`${Object.keys(pinned).length} objects pinned`)
