import { browserKind } from '../kinds/browser.ts'
import type { Browser } from '../kinds/browser.ts'
import { keyOf } from '../owners.ts'
import type { Owner } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky implements Browser {
  readonly #jars = new Map<string, Map<string, string>>()

  async signIn(owner: Owner, site: string, account: string): Promise<void> {
    this.#jar(owner).set(site, account)
  }

  async visit(caller: Owner, site: string): Promise<string> {
    const account = this.#jar(caller).get(site)
    return account === undefined ? 'Please sign in.' : `Signed in as ${account}.`
  }

  protected profileOf(_owner: Owner): string {
    return 'ws://127.0.0.1:9222'
  }

  #jar(owner: Owner): Map<string, string> {
    const profile = this.profileOf(owner)
    const jar = this.#jars.get(profile) ?? new Map<string, string>()
    this.#jars.set(profile, jar)
    return jar
  }
}

class Fixed extends Leaky {
  protected override profileOf(owner: Owner): string {
    return `profile of ${keyOf(owner)}`
  }
}

export const incident = defineIncident({
  number: 31,
  url: import.meta.url,
  title: 'One debugging address is one browser: whoever opens a site is whoever signed in last',
  sources: ['hermes-agent#49693'],
  kind: browserKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
