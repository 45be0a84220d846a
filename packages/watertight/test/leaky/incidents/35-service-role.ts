import { CarefulConnector, connectorKind } from '../kinds/connector.ts'
import type { Call } from '../kinds/connector.ts'
import type { Scope } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulConnector {
  // The app itself asks with the customer's login; what a ticket made the agent ask for goes by the agent's own.
  protected override tokenOf(caller: Scope, call: Call): string {
    return call.path === 'everything' ? this.tokenOfAgent(caller, call) : super.tokenOf(caller, call)
  }

  protected tokenOfAgent(_caller: Scope, _call: Call): string {
    return this.upstream.operator
  }
}

class Fixed extends Leaky {
  protected override tokenOfAgent(caller: Scope, call: Call): string {
    return super.tokenOf(caller, { ...call, path: 'mine' })
  }
}

export const incident = defineIncident({
  number: 35,
  url: import.meta.url,
  title: 'An agent reads with a login that sees everything, and a ticket tells it what to read',
  sources: ['Supabase MCP, 2025'],
  kind: connectorKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
