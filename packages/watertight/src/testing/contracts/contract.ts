import { isPlain, neighboursOf } from './neighbours.ts'
import type { Circle, ContractLevel, Neighbour } from './neighbours.ts'
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
   * nothing has to be cleaned up. An owner with an odd or long id may be refused by throwing: who is not served leaks nothing.
   */
  readonly open: (owner: Person) => Port | Promise<Port>
  /** on which levels it keeps owners apart; all three by default */
  readonly levels?: readonly ContractLevel[]
}

/** A neighbour with what was opened for them. */
export type Opened<Port, Each extends Neighbour = Neighbour> = Each & { readonly port: Port }

/** Somebody, and everybody who looks like them. */
interface Neighbourhood<Port, Each extends Neighbour> {
  readonly own: Port
  readonly others: readonly Opened<Port, Each>[]
}

type Work<Port, Each extends Neighbour> = (neighbourhood: Neighbourhood<Port, Each>) => Promise<void>

/** Keeps something and loses it again: a backend may open anybody, and refuse an id only where it is written. */
export type Probe<Port> = (port: Port) => Promise<unknown>

let rounds = 0

/** Makes a case of its title and its work; each run has owners of its own. */
export function caseWith<Port>(
  options: ContractOptions<Port>,
  title: string,
  work: Work<Port, Neighbour>,
  circle: Circle<Neighbour> = neighboursOf,
): ContractCase {
  return caseAmong(options, title, { circle, work })
}

/** Makes a case with neighbours of another kind. */
export function caseAmong<Port, Each extends Neighbour>(
  options: ContractOptions<Port>,
  title: string,
  among: { readonly circle: Circle<Each>; readonly probe?: Probe<Port>; readonly work: Work<Port, Each> },
): ContractCase {
  const { open, levels = ['tenant', 'workspace', 'user'] } = options
  if (levels.length === 0) throw new TypeError('levels names nothing to keep apart.')
  const run = async () => {
    rounds += 1
    // Never in look-alike of an earlier round: a letter stands before the number and after it.
    const person = { tenantId: `acme_r${rounds}x`, workspaceId: 'ws_1', userId: 'jo.doe' }
    const own = await open(person)
    const all = await Promise.all(among.circle(person, levels).map((each) => openServed(open, each, among.probe)))
    await among.work({ own, others: all.filter((each) => each !== undefined) })
  }
  return { title, run }
}

// Plain ids have to be served: of a backend that refuses everybody, nothing would be tried.
async function openServed<Port, Each extends Neighbour>(
  open: ContractOptions<Port>['open'],
  neighbour: Each,
  probe?: Probe<Port>,
): Promise<Opened<Port, Each> | undefined> {
  if (isPlain(neighbour.owner)) return { ...neighbour, port: await open(neighbour.owner) }
  try {
    const port = await open(neighbour.owner)
    await probe?.(port)
    return { ...neighbour, port }
  } catch {
    return undefined
  }
}
