import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

import { Forbidden, NotFound } from '../../../src/index.ts'
import { approvalsKind } from '../kinds/approvals.ts'
import type { Approvals, SensitiveCall } from '../kinds/approvals.ts'
import { isSame, keyOf } from '../owners.ts'
import type { Owner } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky implements Approvals {
  readonly #accounts = new Map<string, { readonly owner: Owner; readonly statement: string }>()
  readonly #key = randomBytes(32)

  async open(owner: Owner, statement: string): Promise<string> {
    const account = `account-${this.#accounts.size + 1}`
    this.#accounts.set(account, { owner, statement })
    return account
  }

  async approve(approver: Owner, call: SensitiveCall): Promise<string> {
    return this.sign(approver, call)
  }

  async run(caller: Owner, call: SensitiveCall, approval = ''): Promise<string> {
    const [given, wanted] = [Buffer.from(approval), Buffer.from(this.sign(caller, call))]
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw new Forbidden('approval-required')
    return this.#accounts.get(call.account)?.statement ?? ''
  }

  protected sign(_owner: Owner, call: SensitiveCall): string {
    return this.mac('statement', call.account)
  }

  protected ownerOf(account: string): Owner | undefined {
    return this.#accounts.get(account)?.owner
  }

  protected mac(...parts: readonly string[]): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(parts)).digest('hex')
  }
}

class Fixed extends Leaky {
  protected override sign(owner: Owner, call: SensitiveCall): string {
    if (!isSame(this.ownerOf(call.account) ?? {}, owner)) throw new NotFound()
    return this.mac('statement', call.account, keyOf(owner))
  }
}

export const incident = defineIncident({
  number: 28,
  url: import.meta.url,
  title: 'An approval is signed over the call alone, so it serves in anybody’s run',
  sources: ['AI SDK 7 approvals', 'openai-agents-python#4827', 'TenantGuard TA05'],
  kind: approvalsKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
