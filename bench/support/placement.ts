import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

import { withClient } from '../../packages/watertight/test/support/postgres.ts'
import type { TestDatabase } from '../../packages/watertight/test/support/postgres.ts'

/**
 * Puts this process on one core and every server process of the app login on the others, and says so.
 *
 * Left alone, Linux draws a server process that answers at once onto its client's core, and one that works a little
 * longer onto another: a round trip is then 40 us for the one and 90 us for the other, whichever statement it sends.
 * A database is never on its client's core where it matters, so both sides are measured apart from theirs.
 *
 * Call it when both sides have made their connections. It holds until the process ends.
 */
export async function placeApart({ ownerUrl, appRole }: Pick<TestDatabase, 'ownerUrl' | 'appRole'>): Promise<void> {
  const cores = availableParallelism()
  const others = cores > 2 ? `1-${cores - 1}` : '1'
  const servers = await withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pid from pg_stat_activity where usename = $1', [
      appRole,
    ])
    return rows.map(({ pid }) => pid)
  })
  const placed = cores > 1 && place(process.pid, '0') && servers.every((pid) => place(pid, others))
  console.error(
    placed
      ? `placed: the client on core 0, its ${servers.length} server processes on core ${others}`
      : 'not placed: the cores are the choice of the machine, which may favour one side (it takes Linux, taskset, two cores and the rights of root)',
  )
}

function place(pid: number, cores: string): boolean {
  return spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)]).status === 0
}
