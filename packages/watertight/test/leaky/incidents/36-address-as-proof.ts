import { createHmac, randomBytes } from 'node:crypto'

import { Unauthenticated } from '../../../src/index.ts'
import { signInKind } from '../kinds/sign-in.ts'
import type { Proof, SignIn } from '../kinds/sign-in.ts'
import { keyOf } from '../owners.ts'
import type { Owner } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky implements SignIn {
  protected readonly users = new Map<string, { readonly token: string; readonly notes: string }>()
  readonly #key = randomBytes(32)

  async enrol(owner: Owner, notes: string): Promise<void> {
    this.users.set(addressOf(owner), { token: this.tokenOf(owner), notes })
  }

  async issue(owner: Owner): Promise<Proof> {
    return { token: this.tokenOf(owner), email: addressOf(owner) }
  }

  async enter({ token, email }: Proof): Promise<unknown> {
    const user = this.users.get(email)
    if (user === undefined || user.token !== token) throw new Unauthenticated('invalid')
    return user.notes
  }

  protected tokenOf(_owner: Owner): string {
    return this.mac('the platform')
  }

  protected mac(subject: string): string {
    return createHmac('sha256', this.#key).update(subject).digest('hex')
  }
}

class Fixed extends Leaky {
  protected override tokenOf(owner: Owner): string {
    return this.mac(keyOf(owner))
  }
}

function addressOf({ tenantId, workspaceId, userId }: Owner): string {
  return `${[userId, workspaceId].map(encodeURIComponent).join('+')}@${encodeURIComponent(tenantId)}.example`
}

export const incident = defineIncident({
  number: 36,
  url: import.meta.url,
  title: 'An e-mail address and a secret that all share make anybody anybody',
  sources: ['CVE-2025-12420'],
  kind: signInKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
