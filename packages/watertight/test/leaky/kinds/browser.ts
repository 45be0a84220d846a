import { equal, ok } from 'node:assert/strict'

import type { Kind } from '../kind.ts'
import type { Owner } from '../owners.ts'

/** A browser that an agent drives. */
export interface Browser {
  signIn(owner: Owner, site: string, account: string): Promise<void>
  /** the page that the site shows to whoever the browser is signed in as */
  visit(caller: Owner, site: string): Promise<string>
}

export const browserKind: Kind<Browser> = {
  name: 'browser',
  store: 'credentials',

  async contract(browser, owner) {
    equal(await browser.visit(owner, 'bank.example'), 'Please sign in.')
    await browser.signIn(owner, 'bank.example', 'office')
    ok((await browser.visit(owner, 'bank.example')).includes('office'))
    equal(await browser.visit(owner, 'shop.example'), 'Please sign in.')
  },

  // Everybody has an account at one site of its own, and one at the site that all use.
  async seed(browser, owner, secret) {
    await browser.signIn(owner, 'bank.example', `office ${secret}`)
    await browser.signIn(owner, siteOf(owner), `office ${secret}`)
    return siteOf(owner)
  },

  own: async (browser, owner, site) => [await browser.visit(owner, 'bank.example'), await browser.visit(owner, site)],

  attempts: {
    'open the site that all use': ({ component, caller }) => component.visit(caller, 'bank.example'),
    'open their site': ({ component, caller, theirs }) => component.visit(caller, theirs),
  },
}

function siteOf({ tenantId, workspaceId, userId }: Owner): string {
  return `${[tenantId, workspaceId, userId].map(encodeURIComponent).join('.')}.example`
}
