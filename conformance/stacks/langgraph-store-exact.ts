import { exactLabel } from '../kit/exact-label.ts'
import type { Stack } from '../kit/stack.ts'
import { openStore, stack as bare } from './langgraph-store.ts'

/** A row of its own: it shows that the kit finds nothing where there is nothing. */
export const stack: Stack = {
  name: 'langgraph-store-exact',
  packages: bare.packages,
  idsOf: bare.idsOf,
  setUp: 'the same store, each part of a namespace written by `exactLabel()`',
  toldBy: 'this repository, `conformance/kit/exact-label.ts`',
  open: (services) => openStore(services, exactLabel),
}
