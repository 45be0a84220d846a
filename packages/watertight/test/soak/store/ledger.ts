import type { Found, Operation } from './protocol.ts'

/** What went wrong, in counts; all 0 when nothing did. */
export interface Verdict {
  /** acknowledged, and not there */
  lost: number
  /** done or recorded more often than it was asked for */
  doubled: number
  /** there in part: an effect without its evidence, a document without all of its texts, a text without its vector */
  torn: number
  /** there, and asked for by nobody */
  unknown: number
}

/** What should be readable, by what the victims said they had begun and what was acknowledged to them. */
export class Ledger {
  readonly verdict: Verdict = { lost: 0, doubled: 0, torn: 0, unknown: 0 }
  /** one line for each thing that went wrong */
  readonly findings: string[] = []
  acknowledged = 0
  readonly #memories = new Map<string, string>()
  readonly #documents = new Map<string, Extract<Operation, { kind: 'document-add' }>>()
  readonly #runs = new Map<string, { readonly states: number; readonly ended: boolean }>()
  /** the events that each operation must have left, by `id event` */
  readonly #evidence = new Map<string, number>()
  /** everything that happened, by id */
  readonly #happened = new Set<string>()
  readonly #underway = new Map<string, Operation>()
  #generation = 0

  begin(operation: Operation): void {
    this.#underway.set(nameOf(operation), operation)
  }

  acknowledge(operation: Operation): void {
    this.acknowledged++
    this.#settle(operation)
  }

  /**
   * Compares what a new process found with what should be there. What was under way may have happened or not, but whole:
   * its evidence decides, and all else must agree with it.
   */
  judge(found: Found): void {
    const events = new Map(found.events.map(({ by, event, count }) => [`${by} ${event}`, count]))
    for (const operation of this.#underway.values()) if (wasRecorded(operation, events)) this.#settle(operation)
    const undone = new Set([...this.#underway.values()].map(({ id }) => id))
    this.#underway.clear()
    this.#judgeEvidence(found.prefix, events)
    this.#judgeMemories(found, undone)
    this.#judgeDocuments(found, undone)
    this.#judgeRuns(found, undone)
  }

  #settle(operation: Operation): void {
    this.#underway.delete(nameOf(operation))
    this.#happened.add(operation.id)
    for (const [event, count] of evidenceOf(operation)) this.#evidence.set(`${operation.id} ${event}`, count)
    if (operation.kind === 'memory-set') this.#memories.set(operation.key, operation.id)
    else if (operation.kind === 'memory-delete') this.#memories.delete(operation.key)
    else if (operation.kind === 'document-add') this.#documents.set(operation.document, operation)
    else if (operation.kind === 'document-delete') this.#documents.delete(operation.document)
    else
      this.#runs.set(operation.id, {
        states: operation.kind === 'run-work' ? 1 : 0,
        ended: operation.kind === 'run-end',
      })
    if (operation.kind.startsWith('document-')) this.#generation++
  }

  #judgeEvidence(prefix: string, events: ReadonlyMap<string, number>): void {
    for (const [name, count] of this.#evidence) {
      if (!name.startsWith(prefix)) continue
      const there = events.get(name) ?? 0
      if (there < count) this.#find('lost', `${name}: ${there} of ${count} events`)
      if (there > count) this.#find('doubled', `${name}: ${there} events instead of ${count}`)
    }
    for (const name of events.keys())
      if (!this.#evidence.has(name)) this.#find('unknown', `${name}: an event of nothing`)
  }

  #judgeMemories(found: Found, undone: ReadonlySet<string>): void {
    const there = new Set<string>()
    for (const { key, by, whole } of found.memories) {
      there.add(key)
      if (!whole) this.#find('torn', `memory ${key} by ${by}: not all of its value`)
      if (this.#memories.get(key) !== by) this.#find(this.#blame(by, undone), `memory ${key} is still by ${by}`)
    }
    for (const [key, by] of this.#memories) if (!there.has(key)) this.#find('lost', `memory ${key} by ${by} is gone`)
  }

  #judgeDocuments(found: Found, undone: ReadonlySet<string>): void {
    const there = new Set<string>()
    for (const { document, by, texts, own, searched } of found.documents) {
      there.add(document)
      const added = this.#documents.get(document)
      if (added?.id !== by) this.#find(this.#blame(by, undone), `document ${document} is still by ${by}`)
      else if (texts !== added.sections || own !== texts || searched !== texts)
        this.#find(
          'torn',
          `document ${document} by ${by}: ${texts} of ${added.sections} texts, ${own} own, ${searched} found`,
        )
    }
    for (const [document, { id }] of this.#documents)
      if (!there.has(document)) this.#find('lost', `document ${document} by ${id} is gone`)
    if (found.strayVectors > 0) this.#find('torn', `${found.strayVectors} texts and vectors do not belong together`)
    if (found.generation !== this.#generation)
      this.#find('torn', `generation ${found.generation} after ${this.#generation} changes`)
  }

  #judgeRuns(found: Found, undone: ReadonlySet<string>): void {
    const there = new Set<string>()
    for (const { by, ended, states } of found.runs) {
      there.add(by)
      const run = this.#runs.get(by)
      if (run === undefined) this.#find(this.#blame(by, undone), `run ${by} was not asked for`)
      else if (ended !== run.ended || states !== run.states)
        this.#find(
          'torn',
          `run ${by}: ended ${ended}, ${states} items of state, and ${run.ended}, ${run.states} recorded`,
        )
    }
    for (const by of this.#runs.keys())
      if (by.startsWith(found.prefix) && !there.has(by)) this.#find('lost', `run ${by} is gone`)
  }

  // What stands by an earlier operation has lost the later one; by one without evidence, it is half of what should be.
  #blame(by: string, undone: ReadonlySet<string>): keyof Verdict {
    if (this.#happened.has(by)) return 'lost'
    return undone.has(by) ? 'torn' : 'unknown'
  }

  #find(what: keyof Verdict, finding: string): void {
    this.verdict[what]++
    this.findings.push(`${what}: ${finding}`)
  }
}

function nameOf({ kind, id }: Operation): string {
  return `${id} ${kind}`
}

function wasRecorded(operation: Operation, events: ReadonlyMap<string, number>): boolean {
  return evidenceOf(operation).some(([event]) => events.has(`${operation.id} ${event}`))
}

/** The events that an operation leaves, with their counts. */
function evidenceOf(operation: Operation): readonly (readonly [event: string, count: number])[] {
  const reads = operation.kind === 'run-work' ? [['memory-missed', operation.reads] as const] : []
  return [...reads, [eventOf[operation.kind], 1]]
}

const eventOf: Readonly<Record<Operation['kind'], string>> = {
  'memory-set': 'memory-written',
  'memory-delete': 'memory-deleted',
  'document-add': 'document-added',
  'document-delete': 'document-deleted',
  'run-start': 'run-started',
  'run-work': 'state-written',
  'run-end': 'run-ended',
}
