import type { Incident } from './incident.ts'
import { incident as incident01 } from './incidents/01-key-prefix.ts'
import { incident as incident02 } from './incidents/02-like-wildcard.ts'
import { incident as incident03 } from './incidents/03-unmapped-caller.ts'
import { incident as incident04 } from './incidents/04-optional-scope.ts'
import { incident as incident05 } from './incidents/05-by-id.ts'
import { incident as incident06 } from './incidents/06-client-filter.ts'
import { incident as incident07 } from './incidents/07-filter-after-rank.ts'
import { incident as incident08 } from './incidents/08-hybrid-leg.ts'
import { incident as incident09 } from './incidents/09-graph-hop.ts'
import { incident as incident10 } from './incidents/10-collection-argument.ts'
import { incident as incident11 } from './incidents/11-path-and-body.ts'
import { incident as incident12 } from './incidents/12-upsert.ts'
import { incident as incident13 } from './incidents/13-unscoped-or.ts'
import { incident as incident14 } from './incidents/14-nested-file-id.ts'
import { incident as incident15 } from './incidents/15-stream-id.ts'
import { incident as incident16 } from './incidents/16-dead-check.ts'
import { incident as incident17 } from './incidents/17-request-id.ts'
import { incident as incident18 } from './incidents/18-foreign-row.ts'
import { incident as incident19 } from './incidents/19-fallback-credential.ts'
import { incident as incident20 } from './incidents/20-credential-argument.ts'
import { incident as incident21 } from './incidents/21-token-cache.ts'
import { incident as incident22 } from './incidents/22-semantic-cache.ts'
import { incident as incident23 } from './incidents/23-cancelled-request.ts'
import { incident as incident24 } from './incidents/24-global-exporter.ts'
import { incident as incident25 } from './incidents/25-ambient-tenant.ts'
import { incident as incident26 } from './incidents/26-scheduled-jobs.ts'
import { incident as incident27 } from './incidents/27-stale-authority.ts'
import { incident as incident28 } from './incidents/28-replayed-approval.ts'
import { incident as incident29 } from './incidents/29-temporary-files.ts'
import { incident as incident30 } from './incidents/30-shared-folder.ts'
import { incident as incident31 } from './incidents/31-cookie-jar.ts'
import { incident as incident32 } from './incidents/32-block-label.ts'
import { incident as incident33 } from './incidents/33-session-setting.ts'
import { incident as incident34 } from './incidents/34-ownerless-object.ts'
import { incident as incident35 } from './incidents/35-service-role.ts'
import { incident as incident36 } from './incidents/36-address-as-proof.ts'
import { incident as incident37 } from './incidents/37-one-door-of-eight.ts'
import { incident as incident38 } from './incidents/38-default-name.ts'

/** The 38 incidents, in the order of their numbers. */
export const incidents: readonly Incident[] = [
  incident01,
  incident02,
  incident03,
  incident04,
  incident05,
  incident06,
  incident07,
  incident08,
  incident09,
  incident10,
  incident11,
  incident12,
  incident13,
  incident14,
  incident15,
  incident16,
  incident17,
  incident18,
  incident19,
  incident20,
  incident21,
  incident22,
  incident23,
  incident24,
  incident25,
  incident26,
  incident27,
  incident28,
  incident29,
  incident30,
  incident31,
  incident32,
  incident33,
  incident34,
  incident35,
  incident36,
  incident37,
  incident38,
]
