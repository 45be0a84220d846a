import { telemetryKind } from '../kinds/telemetry.ts'
import type { Exporter, Telemetry } from '../kinds/telemetry.ts'
import { isSame } from '../owners.ts'
import type { Owner } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky implements Telemetry {
  protected exporters: readonly Configured[] = []

  async configure(owner: Owner, exporter: Exporter): Promise<void> {
    this.exporters = [...this.exporters.filter((each) => !isSame(each.owner, owner)), { owner, exporter }]
  }

  async work(owner: Owner, prompt: string): Promise<void> {
    for (const { exporter } of this.exportersOf(owner)) exporter({ name: 'work', prompt })
  }

  protected exportersOf(_owner: Owner): readonly Configured[] {
    return this.exporters
  }
}

class Fixed extends Leaky {
  protected override exportersOf(owner: Owner): readonly Configured[] {
    return this.exporters.filter((each) => isSame(each.owner, owner))
  }
}

interface Configured {
  readonly owner: Owner
  readonly exporter: Exporter
}

export const incident = defineIncident({
  number: 24,
  url: import.meta.url,
  title: 'One customer’s exporter is put on the provider of the process, and every span goes there',
  sources: ['Dify#36122', 'Dify#36107', 'CVE-2026-41947'],
  kind: telemetryKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
