import { BoundaryRefused } from '../../../src/index.ts'
import { CarefulConnector, connectorKind } from '../kinds/connector.ts'
import type { Call } from '../kinds/connector.ts'
import { isWhole } from '../owners.ts'
import type { Scope } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulConnector {
  protected override tokenOf(caller: Scope, call: Call): string {
    return isWhole(caller) ? super.tokenOf(caller, call) : this.fallback()
  }

  protected fallback(): string {
    return this.upstream.operator
  }
}

class Fixed extends Leaky {
  protected override fallback(): string {
    throw new BoundaryRefused('absent')
  }
}

export const incident = defineIncident({
  number: 19,
  url: import.meta.url,
  title: 'Where a part of the caller is missing, the credential of the operator is used',
  sources: ['CVE-2026-45707', 'microsoft/mcp#3617'],
  kind: connectorKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
