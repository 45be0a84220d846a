import type { PendingCase } from '../attack-case.ts'

type Story = readonly [id: string, story: string, source: string]

const of = (name: PendingCase['class'], surface: PendingCase['surface'], stories: readonly Story[]) =>
  stories.map(([id, story, source]): PendingCase => ({
    id: `${name}-${surface}-${id}`,
    class: name,
    surface,
    story,
    source,
  }))

/** Attacks on what does not exist yet. Each becomes a case when its surface is there. */
export const pendingCases: readonly PendingCase[] = [
  ...of('T5', 'cache', [
    ['same-question', 'Both tenants ask for their balance in the same words.', 'incident 22'],
    ['near-question', 'Both tenants ask for their balance in nearly the same words.', 'incident 22'],
    ['sibling-workspace', 'Two workspaces of one tenant ask the same.', 'incident 22'],
    ['another-user', 'An answer that rests on a person’s own memory is asked for by a colleague.', 'incident 22'],
    ['look-alike-key', 'The keys of two tenants differ in a separator alone.', 'incidents 1, 22'],
    ['wrong-bytes', 'The store answers with the envelope of another reader.', 'incident 23'],
    ['lost-role', 'An answer was kept for a role that the caller no longer has.', 'incident 27'],
    ['single-flight', 'Two tenants wait for one and the same flight.', 'incident 21'],
    ['poisoned', 'One tenant fills the cache for the question that the other will ask.', 'incident 22'],
    ['purge', 'One tenant’s purge empties the other’s cache.', 'incident 2'],
    ['timing', 'A hit in another tenant’s cache is told by its speed.', 'incident 22; arXiv 2502.07776'],
    ['within-tenant', 'A cache that never hits inside one tenant hides that it is off.', 'incident 22'],
  ]),
  ...of('T6', 'mcp', [
    ['same-id', 'Two tenants’ calls carry one JSON-RPC id.', 'incident 17, CVE-2026-25536'],
    ['session-resume', 'A session is resumed by another tenant.', 'incident 15'],
    ['tool-list', 'The list of tools is kept for the whole process.', 'incident 21'],
    ['sampling', 'A server asks the client’s model for what another server said.', 'OWASP ASI07'],
    ['resource-uri', 'A resource is read by the other’s address.', 'incident 10'],
    ['tenant-header', 'One of two tenant headers is absent.', 'incident 19, CVE-2026-45707'],
    ['result-row', 'A result holds a row of another tenant.', 'incident 18'],
    ['changed-tool', 'A tool’s description changes after it was approved.', 'OWASP ASI04'],
  ]),
  ...of('T6', 'credentials', [
    ['argument', 'A credential is named by an argument.', 'incident 20, CVE-2026-42226'],
    ['first-account', 'Two tenants connect one app, and the first account is taken.', 'incident 21'],
    ['free-url', 'A credential goes to an address of the caller’s choice.', 'incident 20, CVE-2026-42227'],
    ['fallback', 'A credential is absent, and the operator’s is used.', 'incident 19'],
  ]),
  ...of('T6', 'network', [
    ['metadata-address', 'A tool fetches the address of the host’s own metadata.', 'OWASP ASI02'],
    ['rebinding', 'A name points elsewhere when it is asked for the second time.', 'OWASP ASI02'],
    ['redirect', 'An allowed address leads on to one that is not.', 'OWASP ASI02'],
  ]),
  ...of('T7', 'jobs', [
    ['forged-snapshot', 'A sealed boundary with another tenant’s id in it is resumed.', 'incident 27'],
    ['stale-snapshot', 'A sealed boundary is resumed after its end.', 'incident 27'],
    ['snapshot-as-boundary', 'A sealed boundary is used without being resumed.', 'incident 25'],
    ['ambient-tenant', 'A worker’s ambient tenant is another one than the job’s.', 'incident 25'],
    ['no-tenant', 'A job carries no boundary.', 'incident 25'],
    ['foreign-claim', 'A worker claims the job of another tenant.', 'incident 25'],
    ['look-alike-queue', 'The names of two tenants’ queues differ in case alone.', 'incident 1'],
    ['dead-letter', 'A dead letter is read by whoever looks after all of them.', 'incident 24'],
    ['retry-after-revoke', 'A job is tried again after its person was removed.', 'incident 27'],
    ['schedule-list', 'A tenant lists another one’s scheduled jobs.', 'incident 26'],
    ['schedule-delete', 'A tenant deletes another one’s scheduled job.', 'incident 26'],
    ['twice', 'A job runs twice, once after its lease was lost.', 'incident 25'],
    ['payload-owner', 'A job’s payload names another tenant.', 'incident 12'],
    ['flood', 'One tenant’s jobs keep another one’s waiting.', 'incident 25'],
  ]),
  ...of('T8', 'sandbox', [
    ['parent-listing', 'A tool lists the folder above its own.', 'incident 29'],
    ['traversal', 'A file is named by a path that leads out.', 'incident 29'],
    ['symlink', 'A link points at another run’s file.', 'incident 29'],
    ['hard-link', 'Another run’s file has a second name.', 'incident 29'],
    ['same-name', 'Two runs write a file of one name.', 'incident 29'],
    ['case-name', 'Two names differ in case alone, on a disk that does not see it.', 'incident 29'],
    ['residue', 'A run finds what the one before has left.', 'incident 29'],
    ['open-descriptor', 'A descriptor is open across the end of a run.', 'incident 29'],
    ['environment', 'A tool reads the environment of the process.', 'OWASP ASI05'],
    ['cookie-jar', 'Two runs share a browser, and so a session.', 'incident 31'],
    ['download-folder', 'A browser’s downloads lie in one folder for all.', 'incident 31'],
    ['no-owner', 'A run without a person is given the folder of a default one.', 'incidents 29, 38'],
  ]),
]
