import { requireId } from '../../encoding/index.ts'
import { InvalidInput, NotFound, StoreUnavailable } from '../../errors.ts'
import { codeOf } from '../../store/index.ts'
import type { OperatorFunction, Row, Store } from '../../store/index.ts'

/** A person in a workspace: who vouches for them, and who they are there. */
export interface MemberName {
  readonly tenantId: string
  readonly workspaceId: string
  readonly userId: string
  /** the issuer of their tokens; `session` by default, as for `session()` */
  readonly issuer?: string
}

/** What a member may do in their workspace. */
export interface MemberGrant {
  readonly role: string
  /** the tools that exist for them; none when empty */
  readonly allowedToolIds: readonly string[]
  /** the datasources they may read; none when empty; each must exist */
  readonly allowedDatasourceIds: readonly string[]
}

/**
 * The admin side of the built-in directory. It takes no boundary, because it is what boundaries are made from: hand it
 * to provisioning code, never to a request handler or a tool. It writes who may do what and returns nothing of a customer's.
 * Its `NotFound` says which of tenant, workspace, datasource and member is missing.
 */
export interface DirectoryAdmin {
  /** Adds a tenant, or changes its plan and region; a change ends the tenant's live boundaries. */
  putTenant(tenant: { readonly tenantId: string; readonly plan: string; readonly region: string }): Promise<void>
  putWorkspace(workspace: { readonly tenantId: string; readonly workspaceId: string }): Promise<void>
  putDatasource(datasource: {
    readonly tenantId: string
    readonly workspaceId: string
    readonly datasourceId: string
  }): Promise<void>
  /** Adds a member or changes one; a change ends the member's live boundaries. */
  putMember(member: MemberName & MemberGrant): Promise<void>
  /** Removes a member and ends their boundaries. Added again later, they are somebody new. */
  removeMember(member: MemberName): Promise<boolean>
  /** Ends every boundary of the tenant, and makes no new one until it is resumed. */
  suspendTenant(tenantId: string): Promise<void>
  resumeTenant(tenantId: string): Promise<void>
  /** Ends every live boundary of the tenant. */
  raiseEpoch(tenantId: string): Promise<void>
  /** Ends every live boundary of the member. */
  raiseVersion(member: MemberName): Promise<void>
}

/** The SQLSTATE of the operator functions for a tenant, workspace, member or datasource that does not exist. */
const noSuch = 'P0002'

const entries = ['tenant', 'workspace', 'datasource', 'member'] as const

export function createDirectoryAdmin(store: Store): DirectoryAdmin {
  const operate = (name: OperatorFunction, ...values: unknown[]) => run(store, name, values)
  return {
    async putTenant({ tenantId, plan, region }) {
      await operate(
        'operator_put_tenant',
        requireId(tenantId, 'tenantId'),
        requireId(plan, 'plan'),
        requireId(region, 'region'),
      )
    },
    async putWorkspace({ tenantId, workspaceId }) {
      await operate('operator_put_workspace', requireId(tenantId, 'tenantId'), requireId(workspaceId, 'workspaceId'))
    },
    async putDatasource({ tenantId, workspaceId, datasourceId }) {
      await operate(
        'operator_put_datasource',
        requireId(tenantId, 'tenantId'),
        requireId(workspaceId, 'workspaceId'),
        requireId(datasourceId, 'datasourceId'),
      )
    },
    async putMember(member) {
      const { role, allowedToolIds, allowedDatasourceIds } = member
      if (!/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(role))
        throw new InvalidInput('role', 'a name of letters, digits, _ and -')
      const tools = requireIds(allowedToolIds, 'allowedToolIds')
      await operate(
        'operator_put_member',
        ...nameOf(member),
        role,
        tools,
        requireIds(allowedDatasourceIds, 'allowedDatasourceIds'),
      )
    },
    async removeMember(member) {
      const [row] = await operate('operator_remove_member', ...nameOf(member))
      return row?.['operator_remove_member'] === true
    },
    async suspendTenant(tenantId) {
      await operate('operator_suspend_tenant', requireId(tenantId, 'tenantId'), true)
    },
    async resumeTenant(tenantId) {
      await operate('operator_suspend_tenant', requireId(tenantId, 'tenantId'), false)
    },
    async raiseEpoch(tenantId) {
      await operate('operator_raise_epoch', requireId(tenantId, 'tenantId'))
    },
    async raiseVersion(member) {
      await operate('operator_raise_version', ...nameOf(member))
    },
  }
}

async function run(store: Store, name: OperatorFunction, values: readonly unknown[]): Promise<Row[]> {
  try {
    return await store.operate(name, values)
  } catch (error) {
    throw error instanceof StoreUnavailable && codeOf(error.cause) === noSuch ? toNotFound(error.cause) : error
  }
}

// The kind alone, and only the words that are known: whatever else an error says stays where it is.
function toNotFound(error: unknown): NotFound {
  const said = error instanceof Error ? error.message : ''
  return new NotFound(entries.find((entry) => said === `watertight: no such ${entry}`))
}

function nameOf(member: MemberName): readonly string[] {
  const { tenantId, workspaceId, userId, issuer = 'session' } = member
  return [
    requireId(tenantId, 'tenantId'),
    requireId(workspaceId, 'workspaceId'),
    requireId(issuer, 'issuer'),
    requireId(userId, 'userId'),
  ]
}

function requireIds(ids: readonly string[], field: string): readonly string[] {
  if (!Array.isArray(ids)) throw new InvalidInput(field, 'a list of ids; an empty list means none')
  return ids.map((id) => requireId(id, field))
}
