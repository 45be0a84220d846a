import { labelItem } from '../../boundary/index.ts'
import type { AgentBoundary } from '../../boundary/index.ts'
import type { Transaction } from '../../store/index.ts'
import { scopeWithin, surfaceWithin, transactionWithin } from './call-life.ts'
import type { CallLife } from './call-life.ts'
import type { ToolContext, ToolResources } from './define-tool.ts'
import { keyOf } from './records.ts'
import type { Records } from './records.ts'
import type { Call, ToolPorts } from './tool-ports.ts'

/** What the code of a tool that runs is given. */
export function createContext(
  ports: ToolPorts,
  call: Call,
  records: Records,
  life: CallLife,
  signal: AbortSignal,
): ToolContext {
  const resources = createResources(call, records, life)
  return {
    get boundary() {
      return resources.boundary
    },
    resource: resources.resource,
    get call() {
      return resources.call
    },
    get idempotencyKey() {
      return resources.idempotencyKey
    },
    use(surface) {
      life.requireOwn()
      return surfaceWithin(ports.scope.use(surface, scopeWithin(ports.scope, life)), life)
    },
    transact: (work) => transactWithin(ports, life, work),
    signal,
  }
}

/** What the code of a tool that changes is given. */
export function createResources({ boundary, tool, input, key }: Call, records: Records, life: CallLife): ToolResources {
  const item = labelItem(
    boundary,
    // A copy: an item is frozen, and a schema may hand the tool parts of the very input.
    { toolId: tool.name, value: structuredClone(input) },
    { integrity: 'untrusted', source: { surface: 'tools', id: tool.name }, personal: true },
  )
  const own = <Member>(member: Member): Member => {
    life.requireOwn()
    return member
  }
  return {
    get boundary(): AgentBoundary {
      return own(boundary)
    },
    resource(type, id) {
      const found = own(records).get(keyOf({ type, id }))
      if (found !== undefined) return found.row
      throw new TypeError(`The input of ${tool.name} holds no such id at a place marked ${type}.`)
    },
    get call() {
      return own(item)
    },
    get idempotencyKey() {
      return own(key)
    },
  }
}

/** Asked for anew at each transaction: a tool that goes on after its run has ended reaches nothing in its name. */
export async function transactWithin<Result>(
  { scope, store }: ToolPorts,
  life: CallLife,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const asking = await scope.live()
  life.requireOwn()
  return await store.transact(asking, (transaction) => work(transactionWithin(transaction, life)))
}
