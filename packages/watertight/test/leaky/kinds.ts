import { approvalsKind } from './kinds/approvals.ts'
import { browserKind } from './kinds/browser.ts'
import { cacheKind } from './kinds/cache.ts'
import { connectorKind } from './kinds/connector.ts'
import { exchangeKind } from './kinds/exchange.ts'
import { filesKind } from './kinds/files.ts'
import { memoryKind } from './kinds/memory.ts'
import { queueKind } from './kinds/queue.ts'
import { recordsKind } from './kinds/records.ts'
import { resumptionKind } from './kinds/resumption.ts'
import { retrievalKind } from './kinds/retrieval.ts'
import { signInKind } from './kinds/sign-in.ts'
import { streamsKind } from './kinds/streams.ts'
import { telemetryKind } from './kinds/telemetry.ts'

/** Every kind of component that has a leaky version. */
export const kinds = {
  approvals: approvalsKind,
  browser: browserKind,
  cache: cacheKind,
  connector: connectorKind,
  exchange: exchangeKind,
  files: filesKind,
  memory: memoryKind,
  queue: queueKind,
  records: recordsKind,
  resumption: resumptionKind,
  retrieval: retrievalKind,
  'sign-in': signInKind,
  streams: streamsKind,
  telemetry: telemetryKind,
} as const
