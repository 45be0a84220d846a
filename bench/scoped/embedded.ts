import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import pg from 'pg'

import { furnishDesk, openDeployment } from '../support/desk.ts'
import { createRawTables, poolOptions } from '../support/raw.ts'
import type { Row } from '../support/report.ts'
import type { Scale } from '../support/scale.ts'
import { measureReads } from './reads.ts'

/** Two embedded databases in this process: Watertight's folder, and one of the same make without it. */
export async function measureEmbedded(scale: Scale): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'watertight-bench-'))
  const db = await PGlite.create(join(folder, 'raw'))
  const raw = new pg.Pool(Object.assign(createPgConfig(db), { ...poolOptions, max: 1, idleTimeoutMillis: 0 }))
  try {
    await createRawTables(raw, 'public')
    await using watertight = await openDeployment({ database: join(folder, 'data') })
    const desk = await furnishDesk(watertight)
    return [await measureReads('read-embedded', 3.2, desk, raw, scale.reads)]
  } finally {
    await raw.end()
    await db.close()
    await rm(folder, { recursive: true })
  }
}
