import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/**
 * Installs the packages of a folder that has a lock file of its own, when they are first asked for, so that a newcomer's
 * `npm ci` stays small. Ends the process when that fails.
 *
 * @param folder the folder's path, with a slash at its end
 * @param what what is installed, for the line that says so
 */
export function installPeers(folder: string, what: string): void {
  // The mark says which lock file was installed: another one, or an installation that broke off, is installed again.
  const mark = `${folder}node_modules/.installed`
  const lock = createHash('sha256')
    .update(readFileSync(`${folder}package-lock.json`))
    .digest('hex')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return
  console.error(`installing ${what} ...`)
  // Standard output is the command's alone: its last line may be JSON.
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['inherit', 2, 'inherit'],
  })
  if (status !== 0) process.exit(status ?? 1)
  writeFileSync(mark, lock)
}
