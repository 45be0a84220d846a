import { Recorder, settleAll, StoreSink } from './audit/index.ts'
import type { AuditSink, OnAlarm } from './audit/index.ts'
import {
  Authority,
  hashPolicy,
  makeBoundary,
  makePrincipal,
  parsePlace,
  requireLive,
  requirePrincipal,
} from './boundary/index.ts'
import type { AgentBoundary, Directory, Identity, Place, Policy, Principal } from './boundary/index.ts'
import { bindCompartment } from './compartment.ts'
import type { Compartment, OpenedSurface } from './compartment.ts'
import { createLiveness } from './liveness.ts'
import { createDirectoryAdmin, createMirroredDirectory, createStoreDirectory } from './services/directory/index.ts'
import type { DirectoryAdmin } from './services/directory/index.ts'
import { openStore } from './store/index.ts'
import type { Store, StoreOptions } from './store/index.ts'
import { createRefusedLog, ownerOf, watchLiveness, watchStore } from './refused-log.ts'
import type { OnRefused, Refused } from './refused-log.ts'
import type { Surface } from './surfaces/surface.ts'

export interface WatertightOptions<Credential, Registered extends readonly Surface[]> extends StoreOptions {
  /** who is calling: `jwt()` or `session()` */
  readonly identity: Identity<Credential>
  /** what exists: a surface that is not registered is not there, by type and at run time */
  readonly surfaces: Registered
  /** a directory of the app's own; the built-in tables where absent */
  readonly directory?: Directory
  /** how old an answer of the directory may be where `directory` or `audit` is the app's own, in milliseconds; 1,000 by default, 0 to ask every time */
  readonly freshness?: number
  /** an audit log of the app's own; the built-in table where absent */
  readonly audit?: AuditSink
  /**
   * hears of callers and boundaries that were refused, which no tenant's log does: nobody was proved, no such workspace or
   * no member of it, a boundary that is over or forged. Metadata alone; nobody waits for it, and what it throws is dropped
   */
  readonly onRefused?: OnRefused
  /** a policy of the app's own above the floor: it can deny, and opens nothing that the floor denies */
  readonly policy?: Policy
  /**
   * hears of every result that was withheld because it was somebody else's: a store, an index or a tool gave what no boundary
   * may see. Metadata alone; nobody waits for it, and what it throws is dropped
   */
  readonly onAlarm?: OnAlarm
}

/** An open Watertight: the one place where boundaries are made. */
export interface Watertight<Credential, Registered extends readonly Surface[]> extends AsyncDisposable {
  /**
   * Proves who is calling.
   *
   * @param credential what the identity takes: the `Authorization` header for `jwt()`, the proved session for `session()`
   * @throws {Unauthenticated} `UNAUTHENTICATED` when nobody was proved
   */
  identify(credential: Credential): Promise<Principal>
  /**
   * Makes the boundary of a principal in one workspace, from what the directory grants now.
   *
   * @throws {NotFound} `NOT_FOUND` when there is no such workspace, or the principal is no member of it
   */
  boundary(principal: Principal, place: Place): Promise<AgentBoundary>
  /**
   * Opens everything that the boundary can reach.
   *
   * @throws {BoundaryRefused} `BOUNDARY_REFUSED` when it is absent, forged, expired or revoked
   */
  within(boundary: AgentBoundary): Compartment<Registered>
  /** The admin side of the built-in directory, for provisioning code. */
  readonly directory: DirectoryAdmin
  /** Removes what has expired, in all compartments. Returns how many items; safe to run any time, by anybody who serves. */
  sweep(): Promise<number>
  /**
   * Makes what runs have noted durable, and closes the surfaces and the database. Closing twice does nothing.
   *
   * @throws {EvidenceRefused} `EVIDENCE_REFUSED` when what was noted could not be written; everything is closed all the same
   */
  close(): Promise<void>
}

/**
 * Opens Watertight: the database, the surfaces, and the checks that isolation would hold.
 *
 * @throws {ServeRefused} `SERVE_REFUSED` when isolation would not hold, with a finding for each thing to mend
 * @throws {KeysRefused} `KEYS_REFUSED` when keys are absent, malformed or not the database's
 * @throws {FolderRefused} `FOLDER_REFUSED` when another process has the data folder open
 * @throws {StoreUnavailable} `STORE_UNAVAILABLE` when the database is away
 * @throws {TypeError} when an option is missing or malformed
 */
export async function openWatertight<Credential, const Registered extends readonly Surface[]>(
  options: WatertightOptions<Credential, Registered>,
): Promise<Watertight<Credential, Registered>> {
  requireOptions(options)
  const { policy, onAlarm } = options
  const evidence = { policyHash: hashPolicy(policy), onAlarm }
  const authority = new Authority()
  const plain = await openStore(options, authority)
  const refused = createRefusedLog(options.onRefused, plain.keyring)
  const store = watchStore(plain, refused)
  const audit = options.audit ?? new StoreSink(store)
  const directory =
    options.directory === undefined ? createStoreDirectory(store) : createMirroredDirectory(options.directory, store)
  // The built-in log lies behind the database's own check of epoch and version, and nothing leaves before it is written.
  // Where the app keeps directory or log itself, nobody but us may ask.
  const guarded = options.directory === undefined && options.audit === undefined
  const known = createLiveness(authority, directory, guarded ? undefined : (options.freshness ?? 1_000))
  const liveness = watchLiveness(known, refused)
  const surfaces: OpenedSurface[] = []
  // Once, whoever asks and however often: `await using` closes what was closed by hand.
  let closed: Promise<void> | undefined
  const close = () => (closed ??= closeAll(audit, surfaces, store))
  try {
    for (const surface of options.surfaces) surfaces.push(await openSurface(surface, { store, audit, policy }))
  } catch (error) {
    await close()
    throw error
  }
  return {
    identify: (credential) =>
      refused.watch('identify', async () => makePrincipal(authority, await options.identity.verify(credential))),
    boundary(principal, place) {
      let whose: Refused | undefined
      const make = async () => {
        const claims = requirePrincipal(principal, authority)
        whose = { tenantId: claims.tenantId, userId: claims.subject }
        const asked = parsePlace(place)
        whose = { ...whose, workspaceId: asked.workspaceId }
        const grant = await directory.grant(claims, { workspaceId: asked.workspaceId })
        return makeBoundary(authority, principal, asked, grant)
      }
      return refused.watch('boundary', make, () => whose)
    },
    within(boundary) {
      try {
        requireLive(boundary, authority)
      } catch (error) {
        refused.tell('use', error, ownerOf(boundary))
        throw error
      }
      const scope = { live: () => liveness.ofBoundary(boundary), recorder: new Recorder(audit, undefined, evidence) }
      return bindCompartment<Registered>({ boundary, scope, liveness, store, audit, evidence, surfaces })
    },
    directory: createDirectoryAdmin(store),
    async sweep() {
      const [row] = await store.operate('operator_sweep_run_state', [10_000])
      const swept = await Promise.all(surfaces.map(({ opened }) => opened.sweep()))
      return swept.reduce((sum, count) => sum + count, Number(row?.['operator_sweep_run_state'] ?? 0))
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

// What runs have read and nobody flushed is evidence: written before the log is closed. Where it cannot be, whoever closes
// is told, once everything is closed.
async function closeAll(audit: AuditSink, surfaces: readonly OpenedSurface[], store: Store): Promise<void> {
  try {
    await settleAll(audit)
  } finally {
    for (const { opened } of surfaces.toReversed()) await opened.close()
    await store.close()
  }
}

async function openSurface(surface: Surface, house: Parameters<Surface['open']>[0]): Promise<OpenedSurface> {
  return surface.within === 'compartment'
    ? { surface, within: 'compartment', opened: await surface.open(house) }
    : { surface, within: 'run', opened: await surface.open(house) }
}

// As early as possible, and naming the option: a start-up that goes on without one would fail at the first customer.
function requireOptions(options: Partial<WatertightOptions<never, readonly Surface[]>>): void {
  const { database, identity, surfaces, freshness, onRefused, onAlarm } = options
  if (database === undefined || database === '') throw missing('database: a folder, a postgres:// address or a pool')
  if (identity === undefined) throw missing('identity: jwt() or session()')
  if (surfaces === undefined) throw missing('surfaces: a list, which may be empty')
  const taken = new Set<string>(reserved)
  for (const { name } of surfaces) {
    if (taken.has(name)) throw new TypeError(`The surface ${name} is registered twice, or under a reserved name.`)
    taken.add(name)
  }
  if (onRefused !== undefined && typeof onRefused !== 'function') throw missing('onRefused to be a function')
  if (onAlarm !== undefined && typeof onAlarm !== 'function') throw missing('onAlarm to be a function')
  if (freshness !== undefined && !(freshness >= 0)) throw missing('freshness to be 0 or more milliseconds')
}

function missing(option: string): TypeError {
  return new TypeError(`openWatertight() needs the option ${option}.`)
}

/** What compartments and runs have of their own; `then` would make a promise of them. */
const reserved =
  'boundary approvals effects startRun explain transact export erase id agent promptVersion expiresAt state context end then'.split(
    ' ',
  )
