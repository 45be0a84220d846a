import type { Effect } from './outside.ts'
import { keyOf, people } from './protocol.ts'
import type { Found, Line, Operation } from './protocol.ts'

/** What went wrong, in counts; all 0 when nothing did. */
export interface Verdict {
  /** acted more than once */
  doubled: number
  /** acknowledged, and not there; or its answer is not given again */
  lost: number
  /** not known to have been made, and no person is told of it */
  unnamed: number
  /** told or given to the other tenant */
  leaked: number
  /** taken for dead while it lived */
  mistaken: number
}

/** One call, over all processes that made it. */
interface Entry {
  readonly operation: Operation
  readonly key: string
  /** in which it was first heard of */
  readonly round: number
  /** the first answer, and in which round it was given */
  answered?: { readonly answer: string; readonly round: number }
  /** refused with `made`, or settled as done: there is no answer to give */
  made?: boolean
}

/** A line about one call, with the round that it was said in. */
interface Heard {
  readonly round: number
  /** nobody else was at the call, and whoever was is known to be dead */
  readonly alone: boolean
}

/** What should have happened, by what the victims said, against what the service and the table have. */
export class Ledger {
  readonly verdict: Verdict = { doubled: 0, lost: 0, unnamed: 0, leaked: 0, mistaken: 0 }
  /** one line for each thing that went wrong */
  readonly findings: string[] = []
  /** what a lease cannot tell apart, because a process that lives was as silent as a dead one; no fault of the ledger's */
  excused = 0
  readonly #effects: readonly Effect[]
  readonly #calls = new Map<string, Entry>()
  readonly #unknown = new Set<string>()
  readonly #doubled = new Set<string>()
  readonly #late = new Set<number>()
  #suspected: { readonly what: keyof Verdict; readonly operation: Operation; readonly finding: string }[] = []
  #entries: Found['entries'] = []
  #listed: Found['unsettled'][] = []

  /** @param effects what the service outside has, which goes on growing */
  constructor(effects: readonly Effect[]) {
    this.#effects = effects
  }

  get called(): number {
    return this.#calls.size
  }

  get done(): number {
    return [...this.#calls.values()].filter(({ answered }) => answered !== undefined).length
  }

  /** how many calls were at some time not known to have acted */
  get unknown(): number {
    return this.#unknown.size
  }

  /** Calls without an answer; and of those that have one, or that a person has settled. */
  get open(): readonly Operation[] {
    return this.#where(({ answered, made }) => answered === undefined && made !== true)
  }

  get closed(): readonly Operation[] {
    return this.#where(({ answered, made }) => answered !== undefined || made === true)
  }

  /** A run of a tenant that a process has begun. */
  runOf(tenantId: string): string | undefined {
    return [...this.#calls.values()].findLast(({ operation }) => operation.tenantId === tenantId)?.operation.runId
  }

  hear(line: Line, heard: Heard): void {
    if (line.say === 'late') this.#late.add(heard.round)
    else if (line.say === 'found') this.#find(line.found, heard)
    else if ('operation' in line) this.#hearOf(line, this.#entryOf(line.operation, heard.round), heard)
  }

  /** Compares, once all that had been sent has arrived. */
  judge(): void {
    for (const { operation, key } of this.#calls.values()) {
      const count = this.#countOf(operation)
      if (count > 1 && !this.#doubled.has(key)) this.#wrong('doubled', operation, `acted ${count} times`)
      if (count > 1) this.#doubled.add(key)
    }
    const tenants = new Map([...this.#calls.values()].map(({ key, operation }) => [key, operation.tenantId]))
    for (const { key, tenantId } of this.#listed.flat())
      if (tenants.get(key) !== tenantId) this.#count('leaked', `${tenantId}: lists an effect that is none of its own`)
    this.#listed = []
    for (const { what, operation, finding } of this.#suspected) {
      const { tenantId, kind, input } = operation
      if (input.takes > 0 && this.#late.has(this.#calls.get(keyOf(operation))?.round ?? 0)) this.excused++
      else this.#count(what, `${tenantId} ${kind} ${input.memo}: ${finding}`)
    }
    this.#suspected = []
  }

  /** The last word: every call that was begun has acted once by now, and nothing is in doubt. */
  close(): void {
    for (const { operation } of this.#calls.values())
      if (this.#countOf(operation) === 0) this.#wrong('lost', operation, 'never acted')
    for (const operation of this.open) this.#wrong('unnamed', operation, 'nobody can settle it')
    this.judge()
  }

  #hearOf(line: Extract<Line, { operation: Operation }>, entry: Entry, heard: Heard): void {
    if (line.say === 'answered') this.#answer(entry, line.answer, heard.round)
    else if (line.say === 'refused') this.#refuse(entry, line.reason, heard)
    else if (line.say === 'settled') entry.made = line.verdict === 'done'
    else if (line.say === 'listed') this.#list(entry, line.unsettled, heard)
  }

  #answer(entry: Entry, answer: string, round: number): void {
    const { operation, key, answered } = entry
    if (answered !== undefined && answered.answer !== answer) this.#wrong('lost', operation, 'answers otherwise now')
    entry.answered ??= { answer, round }
    if (operation.kind === 'enter') return
    const { receipt }: { receipt?: number } = JSON.parse(answer)
    const effect = this.#effects.find((each) => each.receipt === receipt)
    if (effect === undefined) this.#wrong('lost', operation, 'acknowledged, and never acted')
    else if (effect.tenantId !== operation.tenantId) this.#wrong('leaked', operation, 'answers with what is another’s')
    else if (effect.key !== key) this.#wrong('lost', operation, 'answers with what another call did')
  }

  #refuse(entry: Entry, reason: string, { round, alone }: Heard): void {
    const { operation, answered } = entry
    if (reason === 'unknown') this.#unknown.add(entry.key)
    if (reason === 'made') entry.made = true
    // An answer of the same round may have come while this call was refused.
    if (answered !== undefined && answered.round < round)
      this.#wrong('lost', operation, `its answer is not given again: ${reason}`)
    // Slow ones die in rounds of their own alone: none of those is killed before they are over.
    if (reason === 'unknown' && operation.input.takes > 0) this.#wrong('mistaken', operation, 'was alive')
    if (reason === 'underway' && alone) this.#wrong('unnamed', operation, 'held by the dead')
  }

  #list({ operation, key }: Entry, unsettled: Found['unsettled'], { alone }: Heard): void {
    this.#listed.push(unsettled)
    if (!alone) return // somebody else may have settled it since
    for (const userId of Object.values(people))
      if (!unsettled.some((each) => each.key === key && each.userId === userId))
        this.#wrong('unnamed', operation, `not known to have acted, and ${userId} is not told`)
  }

  #find({ entries, unsettled }: Found, { round }: Heard): void {
    this.#entries = entries
    this.#listed.push(unsettled)
    for (const { operation, answered } of this.#calls.values())
      if (
        operation.kind === 'enter' &&
        answered !== undefined &&
        answered.round < round &&
        this.#countOf(operation) === 0
      )
        this.#wrong('lost', operation, 'acknowledged, and never acted')
  }

  #countOf({ kind, tenantId, input: { memo } }: Operation): number {
    const all = kind === 'enter' ? this.#entries : this.#effects
    return all.filter((each) => each.memo === memo && each.tenantId === tenantId).length
  }

  #entryOf(operation: Operation, round: number): Entry {
    const key = keyOf(operation)
    const entry = this.#calls.get(key) ?? { operation, key, round }
    this.#calls.set(key, entry)
    return entry
  }

  #where(is: (entry: Entry) => boolean): readonly Operation[] {
    return [...this.#calls.values()].filter(is).map(({ operation }) => operation)
  }

  #wrong(what: keyof Verdict, operation: Operation, finding: string): void {
    this.#suspected.push({ what, operation, finding })
  }

  #count(what: keyof Verdict, finding: string): void {
    this.verdict[what]++
    this.findings.push(`${what}: ${finding}`)
  }
}
