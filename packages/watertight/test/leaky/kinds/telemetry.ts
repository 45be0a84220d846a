import { equal, ok } from 'node:assert/strict'

import type { Kind } from '../kind.ts'
import type { Owner } from '../owners.ts'

export type Exporter = (span: unknown) => void

/** What a deployment tells of its work. */
export interface Telemetry {
  /** where an owner wants its own spans */
  configure(owner: Owner, exporter: Exporter): Promise<void>
  work(owner: Owner, prompt: string): Promise<void>
}

export const telemetryKind: Kind<Telemetry> = {
  name: 'telemetry',
  store: 'logs',

  async contract(telemetry, owner) {
    const spans: unknown[] = []
    await telemetry.work(owner, 'nobody listens yet')
    await telemetry.configure(owner, (span) => spans.push(span))
    await telemetry.work(owner, 'a prompt')
    equal(spans.length, 1)
    ok(JSON.stringify(spans).includes('work'))
  },

  async seed(telemetry, owner, secret) {
    await telemetry.work(owner, `The prompt with ${secret}`)
    return ''
  },

  async own(telemetry, owner, _id, secret) {
    const spans: unknown[] = []
    await telemetry.configure(owner, (span) => spans.push(span))
    await telemetry.work(owner, `The prompt with ${secret}`)
    return spans
  },

  attempts: {
    'listen while they work': async ({ component, caller, other, says }) => {
      const spans: unknown[] = []
      await component.configure(caller, (span) => spans.push(span))
      await component.work(other, `The prompt with ${says.other}`)
      return spans
    },
    'work while they listen': async ({ component, caller, other, says }) => {
      const spans: unknown[] = []
      await component.configure(other, (span) => spans.push(span))
      await component.work(caller, `The prompt with ${says.caller}`)
      return spans
    },
  },
}
