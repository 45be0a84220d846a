import { randomUUID } from 'node:crypto'

import { z } from 'zod'

import { resourceId } from '../../../src/adapters/zod.ts'
import { defineTool, fromTable } from '../../../src/surfaces/tools/index.ts'
import type { Connector } from '../kinds/connector.ts'
import { keyOf } from '../owners.ts'
import type { House } from './house.ts'

/** Credentials of a workspace, in a table of the app's own. */
export const credentialTable = `create table desk.credential (
  tenant_id text collate "C", workspace_id text collate "C", id text collate "C", token text not null,
  primary key (tenant_id, workspace_id, id)
);
`

interface Credential {
  readonly tenant_id: string
  readonly workspace_id: string
  readonly token: string
}

/** The service outside: whoever has a token is told what is that account's. */
const accounts = new Map<string, string>()

/** Takes the credential that the model names, or the first that it finds: no statement here names a tenant. */
const callService = defineTool({
  name: 'call_service',
  description: 'Calls the service with a credential of the workspace.',
  input: z.object({ path: z.string(), credentialId: resourceId('credential').optional() }),
  risk: 'read',
  role: 'member',
  async run({ credentialId }, { resource, transact }) {
    const { rows } =
      credentialId === undefined
        ? await transact((transaction) => transaction.query('select * from desk.credential limit 1'))
        : { rows: [resource('credential', credentialId)] }
    const [credential] = rows as unknown as readonly Credential[]
    if (credential === undefined) return null
    const { token, ...owner } = credential
    return { ...owner, account: accounts.get(token) ?? '' }
  },
  owner: ({ tenant_id, workspace_id }) => ({ tenantId: tenant_id, workspaceId: workspace_id }),
})

export const connectorTools = { list: [callService], resolve: { credential: fromTable('desk.credential') } }

/** A service that is called in the name of an account. There is one host: an argument that names another is unknown. */
export function createOurConnector(house: House): Connector {
  return {
    async connect(owner, account) {
      const [id, token] = [`credential of ${keyOf(owner)}`, randomUUID()]
      accounts.set(token, account)
      const desk = await house.at(owner)
      await desk.transact((transaction) =>
        transaction.query(
          `insert into desk.credential (id, token) values ($1, $2)
           on conflict (tenant_id, workspace_id, id) do update set token = excluded.token`,
          [id, token],
        ),
      )
      return id
    },
    call: (caller, call) => house.call(caller, 'call_service', call),
    received: () => [],
  }
}
