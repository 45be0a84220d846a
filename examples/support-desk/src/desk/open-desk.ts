import { fileURLToPath } from 'node:url'
import { openWatertight, type Compartment, type DirectoryAdmin } from 'watertight'
import { memory } from 'watertight/memory'
import { retrieval, type Embedder } from 'watertight/retrieval'
import { fromTable, tools, type Tool } from 'watertight/tools'

import { createIdentityProvider } from './identity-provider.ts'
import { deskTools, type DeskSurfaces } from './tools.ts'

/** What one person of the desk can reach. */
export type DeskCompartment = Compartment<
  readonly [DeskSurfaces['memories'], DeskSurfaces['documents'], ReturnType<typeof tools>]
>

/** A person, where they work. */
interface DeskPerson {
  readonly tenantId: string
  readonly workspaceId: string
  readonly userId: string
}

export interface Desk extends AsyncDisposable {
  readonly directory: DirectoryAdmin
  /** Who vouches for the people of the desk. */
  readonly issuer: string
  readonly embedderId: string
  /** Signs a person in, and opens what is theirs. */
  enter(person: DeskPerson): Promise<DeskCompartment>
  close(): Promise<void>
}

export interface DeskOptions {
  /** A folder, made when absent; or any other database that Watertight takes. */
  readonly database: string
  readonly embedder: Embedder
  /** The folder of the desk's own tables. */
  readonly applicationMigrations?: string
  /** Tables that may do without row security; a test says so to show what then happens. */
  readonly unprotectedTables?: readonly string[]
  /** The tools, made from the surfaces that they work on. */
  readonly toolsOf?: (surfaces: DeskSurfaces) => readonly Tool[]
}

const migrations = fileURLToPath(new URL('../../migrations/', import.meta.url))

/** Opens the desk: one process and one database for all of its customers. */
export async function openDesk(options: DeskOptions): Promise<Desk> {
  const {
    database,
    embedder,
    applicationMigrations = migrations,
    unprotectedTables = [],
    toolsOf = deskTools,
  } = options
  const provider = await createIdentityProvider()
  const memories = memory()
  const documents = retrieval({ embedder, chunkLength: 450 }) // about what the sentence model reads of a text
  const watertight = await openWatertight({
    database,
    applicationMigrations,
    unprotectedTables,
    identity: provider.identity,
    surfaces: [
      memories,
      documents,
      tools(toolsOf({ memories, documents }), { resolve: { ticket: fromTable('desk.ticket') } }),
    ],
  })
  return {
    directory: watertight.directory,
    issuer: provider.issuer,
    embedderId: embedder.id,
    async enter({ tenantId, workspaceId, userId }) {
      const principal = await watertight.identify(await provider.signIn(tenantId, userId))
      return watertight.within(await watertight.boundary(principal, { workspaceId }))
    },
    close: () => watertight.close(),
    [Symbol.asyncDispose]: () => watertight.close(),
  }
}
