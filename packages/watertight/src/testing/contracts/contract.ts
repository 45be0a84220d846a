import { neighboursOf } from './neighbours.ts'
import type { ContractLevel } from './neighbours.ts'
import type { Person } from '../prove/isolation-target.ts'

/** One promise of a contract. */
export interface ContractCase {
  /** what is promised */
  readonly title: string
  /** keeps the promise, or throws an `AssertionError` of `node:assert` */
  readonly run: () => Promise<void>
}

/** What a contract is held against. */
export interface ContractOptions<Port> {
  /**
   * Opens what belongs to one owner, over a backend that all owners share. Owners of every case are new to the backend, so
   * nothing has to be cleaned up.
   */
  readonly open: (owner: Person) => Port | Promise<Port>
  /** on which levels it keeps owners apart; all three by default */
  readonly levels?: readonly ContractLevel[]
}

/** Somebody, and everybody who looks like them. */
interface Neighbourhood<Port> {
  readonly own: Port
  readonly others: readonly { readonly name: string; readonly port: Port }[]
}

type Work<Port> = (neighbourhood: Neighbourhood<Port>) => Promise<void>

let rounds = 0

/** Makes a case of its title and its work; each run has owners of its own. */
export function caseWith<Port>(options: ContractOptions<Port>, title: string, work: Work<Port>): ContractCase {
  const { open, levels = ['tenant', 'workspace', 'user'] } = options
  if (levels.length === 0) throw new TypeError('levels names nothing to keep apart.')
  const run = async () => {
    rounds += 1
    // Never in look-alike of an earlier round: a letter stands before the number and after it.
    const person = { tenantId: `acme_r${rounds}x`, workspaceId: 'ws_1', userId: 'jo.doe' }
    const others = neighboursOf(person, levels)
    await work({
      own: await open(person),
      others: await Promise.all(others.map(async ({ name, owner }) => ({ name, port: await open(owner) }))),
    })
  }
  return { title, run }
}
