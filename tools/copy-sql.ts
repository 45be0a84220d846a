/**
 * Copies the SQL migrations beside the compiled code, since `tsc` carries TypeScript alone.
 *
 * The target folder is emptied first: a migration that was renamed must not be run under both names.
 */
import { cpSync, existsSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../packages/watertight/', import.meta.url))
const source = `${folder}src/store/migrations`
const target = `${folder}dist/store/migrations`

if (!existsSync(source)) {
  console.error(
    'copy-sql: packages/watertight/src/store/migrations is missing. Put the .sql files there, or change tools/copy-sql.ts.',
  )
  process.exit(1)
}
rmSync(target, { recursive: true, force: true })
cpSync(source, target, { recursive: true, filter: (path) => path === source || path.endsWith('.sql') })
