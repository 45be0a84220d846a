import { exactLabel } from '../kit/exact-label.ts'
import type { Stack } from '../kit/stack.ts'
import { openStore, stack as bare } from './langgraph-store.ts'

export const stack: Stack = {
  name: 'langgraph-store-exact',
  packages: bare.packages,
  idsOf: 'owner',
  setUp: 'the same store, each part of a namespace written by `exactLabel()`',
  toldBy: 'this repository: `conformance/kit/exact-label.ts`',
  open: (services) => openStore(services, exactLabel),
}
