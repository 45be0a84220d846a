import { settle } from '../kind.ts'
import type { Exporter, Telemetry } from '../kinds/telemetry.ts'
import { keyOf } from '../owners.ts'
import type { Owner } from '../owners.ts'
import type { House } from './house.ts'

/** What a run leaves in the log: its owner is told of it, and so is whoever else asks, as far as the log answers. */
export function createOurTelemetry(house: House): Telemetry {
  const listening = new Map<string, { readonly owner: Owner; readonly exporter: Exporter }>()
  return {
    async configure(owner, exporter) {
      listening.set(keyOf(owner), { owner, exporter })
    },
    async work(owner, prompt) {
      await (await house.at(owner)).memory.set(prompt, 'work')
      const run = await (await house.at(owner)).startRun({ agent: 'desk', promptVersion: 'v1' })
      await run.memory.get(prompt)
      await run.end()
      for (const { owner: listener, exporter } of listening.values())
        await settle(async () => exporter({ name: 'work', run: await (await house.at(listener)).explain(run.id) }))
    },
  }
}
