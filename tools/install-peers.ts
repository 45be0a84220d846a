import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A folder with a lock file of its own, whose packages are installed when first asked for. */
export type PeerFolder = 'bench' | 'conformance' | 'mutation'

/** Installs the packages of a folder where its lock file is not what was installed. What npm says goes to standard error. */
export function installPeers(name: PeerFolder): void {
  if (peersAreInstalled(name)) return
  console.error(`installing the peers of ${name}/ ...`)
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folderOf(name),
    stdio: ['inherit', 2, 'inherit'], // standard output is the command's alone: its last line may be JSON
  })
  if (status !== 0) process.exit(2)
  writeFileSync(markOf(name), lockOf(name))
}

/** Whether what its lock file names is installed. */
export function peersAreInstalled(name: PeerFolder): boolean {
  return existsSync(markOf(name)) && readFileSync(markOf(name), 'utf8') === lockOf(name)
}

// The mark says which lock file was installed: another one, or an installation that broke off, is installed again.
function markOf(name: PeerFolder): string {
  return `${folderOf(name)}node_modules/.installed`
}

function lockOf(name: PeerFolder): string {
  return createHash('sha256')
    .update(readFileSync(`${folderOf(name)}package-lock.json`))
    .digest('hex')
}

function folderOf(name: PeerFolder): string {
  return fileURLToPath(new URL(`../${name}/`, import.meta.url))
}
