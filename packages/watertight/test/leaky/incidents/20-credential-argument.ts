import { CarefulConnector, connectorKind } from '../kinds/connector.ts'
import type { Call } from '../kinds/connector.ts'
import type { Scope } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulConnector {
  protected override tokenOf(caller: Scope, call: Call): string {
    return this.tokens.get(call.credentialId ?? '') ?? super.tokenOf(caller, call)
  }

  protected override hostOf(call: Call): string {
    return call.host ?? super.hostOf(call)
  }
}

class Fixed extends Leaky {
  protected override tokenOf(caller: Scope, { path }: Call): string {
    return super.tokenOf(caller, { path })
  }

  protected override hostOf({ path }: Call): string {
    return super.hostOf({ path })
  }
}

export const incident = defineIncident({
  number: 20,
  url: import.meta.url,
  title: 'An argument names the credential, and another one the host that it is sent to',
  sources: ['CVE-2026-42226', 'CVE-2026-42227'],
  kind: connectorKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
