import { createCanaryDetector } from '../canaries/create-canary-detector.ts'
import type { CanaryDetector } from '../canaries/create-canary-detector.ts'
import type { CanaryReport } from '../canaries/report.ts'
import { describeError } from './describe-error.ts'
import type { Person } from './isolation-target.ts'
import type { IsolationReport, Leak, Problem, ProblemKind } from './isolation-report.ts'
import { relationOf } from './plantings.ts'
import type { PlantedSecret, Planting, Relation } from './plantings.ts'
import type { ProveSettings } from './prove-options.ts'
import { rateOf } from './rate.ts'
import { Talk } from './talk.ts'

/** After so many problems a target is left alone: each of them may have cost the whole time of a step. */
const mostProblems = 5

/** The most leaks that are told one by one. */
const mostLeaks = 1000

/** A question about somebody's own record, and what came of it. */
interface OwnAnswer {
  readonly person: Person
  readonly store: string
  readonly isRight: boolean
  readonly isHit: boolean
}

/** What one message brought, as labels of secrets. */
export interface Sight {
  readonly answer: ReadonlySet<string>
  readonly anywhere: ReadonlySet<string>
}

/** What one message brought to a person. */
export interface Brought {
  readonly answer: unknown
  /** what a response says beside its body */
  readonly head?: unknown
  readonly channels: unknown
}

/** Keeps what is seen while a target is proved, and draws the conclusion. */
export class Journal {
  readonly #settings: ProveSettings
  readonly #plantings: readonly Planting[]
  readonly #owners: ReadonlyMap<string, Planting['owner']>
  readonly #detector: CanaryDetector
  readonly #problems: Problem[] = []
  readonly #leaks = new Map<string, Leak>()
  readonly #turnsWithLeak = { tenant: 0, workspace: 0, user: 0 }
  /** turns in which there was somebody to leak from */
  readonly #turnsAtRisk = { tenant: 0, workspace: 0, user: 0 }
  readonly #ownAnswers: OwnAnswer[] = []
  readonly #recalled = new Set<string>()
  readonly #talks = new Map<string, { readonly person: Person; readonly talk: Talk }>()
  #turns = 0

  constructor(settings: ProveSettings, plantings: readonly Planting[]) {
    this.#settings = settings
    this.#plantings = plantings
    const secrets = plantings.flatMap(({ owner, secrets: kept }) => kept.map(({ canary }) => ({ owner, canary })))
    this.#owners = new Map(secrets.map(({ owner, canary }) => [canary.label, owner]))
    this.#detector = createCanaryDetector(
      secrets.map(({ canary }) => canary),
      { characters: settings.characters },
    )
  }

  get turns(): number {
    return this.#turns
  }

  /** Too much is wrong with the target to go on. */
  get isOver(): boolean {
    return this.#problems.length >= mostProblems
  }

  problem(kind: ProblemKind, step: string, message: string): void {
    // What a target throws may hold a secret, which a report never does.
    const isSafe = this.#detector.scan(message).clean
    this.#problems.push({
      kind,
      step,
      message: isSafe ? message.slice(0, 500) : 'The message held a secret: it is not repeated.',
    })
  }

  /** Looks through all that one message brought, and keeps what is somebody else's. */
  see(person: Person, prompt: string, seen: Brought): Sight {
    this.#turns += 1
    const answer = this.#look(person, prompt, 'answer', seen.answer)
    this.#talkOf(person).add(seen.answer)
    const head = seen.head === undefined ? [] : this.#look(person, prompt, 'headers', seen.head)
    const channels = this.#look(person, prompt, 'observed', seen.channels)
    const anywhere = new Set([...answer, ...head, ...channels])
    for (const relation of this.#relationsIn(person, anywhere)) this.#turnsWithLeak[relation] += 1
    for (const relation of this.#relationsIn(person, new Set(this.#owners.keys()))) this.#turnsAtRisk[relation] += 1
    return { answer, anywhere }
  }

  /** Looks through what came where no message was put, such as the text of an error. */
  overhear(person: Person, prompt: string, value: unknown): void {
    this.#look(person, prompt, 'error', value)
  }

  answered(person: Person, secret: PlantedSecret, sight: Sight): void {
    const { label } = secret.canary
    this.#ownAnswers.push({
      person,
      store: secret.store,
      isRight: sight.answer.has(label),
      isHit: sight.anywhere.has(label),
    })
  }

  /** What came in pieces, each of which said nothing, is found where the answers of a person are read together. */
  report(): IsolationReport {
    for (const { person, talk } of this.#talks.values()) this.seeTogether(person, 'answers', talk.answers)
    const usefulness = this.#usefulness()
    this.#judgeUsefulness(usefulness.answers.rate)
    return {
      verdict: this.#leaks.size > 0 ? 'leaked' : this.#problems.length > 0 ? 'broken' : 'passed',
      seed: this.#settings.seed,
      turns: this.#turns,
      leakRates: {
        tenant: rateOf(this.#turnsWithLeak.tenant, this.#turnsAtRisk.tenant),
        workspace: rateOf(this.#turnsWithLeak.workspace, this.#turnsAtRisk.workspace),
        user: rateOf(this.#turnsWithLeak.user, this.#turnsAtRisk.user),
      },
      leaks: [...this.#leaks.values()],
      problems: this.#problems,
      usefulness,
    }
  }

  #look(person: Person, prompt: string, name: string, value: unknown): ReadonlySet<string> {
    const { findings, gaveUp } = this.#scan(value)
    for (const reason of gaveUp) this.problem('not-looked-at', `${prompt} of ${nameOf(person)}`, `${name}: ${reason}.`)
    for (const finding of findings) {
      const relation = this.#relationTo(person, finding.canary)
      const at = finding.at.replace('$', name)
      const leak = { ...finding, at, caller: nameOf(person), prompt }
      const key = JSON.stringify([leak.caller, finding.canary, prompt, at])
      if (relation === undefined) this.#recalled.add(JSON.stringify([leak.caller, finding.canary]))
      else if (this.#leaks.size < mostLeaks && !this.#leaks.has(key)) this.#leaks.set(key, { ...leak, relation })
    }
    return new Set(findings.map(({ canary }) => canary))
  }

  // A getter or a proxy of a target may throw anywhere, and what it throws may tell more than it should.
  #scan(value: unknown): Pick<CanaryReport, 'findings' | 'gaveUp'> {
    try {
      return this.#detector.scan(value)
    } catch (error) {
      const { findings } = this.#detector.scan(describeError(error))
      return { findings, gaveUp: ['it throws when it is read'] }
    }
  }

  /** Looks once more through what several messages brought: a secret may come in pieces, each of which says nothing. */
  seeTogether(person: Person, at: string, values: unknown): void {
    const known = new Set(
      [...this.#leaks.values()].filter(({ caller }) => caller === nameOf(person)).map(({ canary }) => canary),
    )
    const { findings } = this.#scan(values)
    for (const finding of findings) {
      const relation = this.#relationTo(person, finding.canary)
      if (relation === undefined || known.has(finding.canary)) continue
      const leak = { ...finding, at, caller: nameOf(person), prompt: 'all-turns', relation }
      this.#leaks.set(JSON.stringify([leak.caller, finding.canary, leak.prompt]), leak)
    }
  }

  #talkOf(person: Person): Talk {
    const name = nameOf(person)
    const known = this.#talks.get(name) ?? { person, talk: new Talk() }
    this.#talks.set(name, known)
    return known.talk
  }

  #relationTo(person: Person, label: string): Relation | undefined {
    const owner = this.#owners.get(label)
    return owner === undefined ? undefined : relationOf(person, owner)
  }

  #relationsIn(person: Person, labels: ReadonlySet<string>): ReadonlySet<Relation> {
    return new Set([...labels].flatMap((label) => this.#relationTo(person, label) ?? []))
  }

  #usefulness(): IsolationReport['usefulness'] {
    const asked = this.#ownAnswers
    const people = new Map(asked.map(({ person }) => [nameOf(person), person]))
    const owned = [...people.values()].flatMap((person) =>
      this.#plantings.filter(({ owner }) => relationOf(person, owner) === undefined).flatMap(({ secrets }) => secrets),
    )
    return {
      answers: rateOf(asked.filter(({ isRight }) => isRight).length, asked.length),
      hits: rateOf(asked.filter(({ isHit }) => isHit).length, asked.length),
      recall: rateOf(this.#recalled.size, owned.length),
    }
  }

  #judgeUsefulness(rate: number): void {
    const asked = this.#ownAnswers
    const stores = new Set(this.#plantings.flatMap(({ secrets }) => secrets.map(({ store }) => store)))
    for (const store of stores)
      if (!asked.some((answer) => answer.store === store && answer.isHit))
        this.problem('seeds-unseen', 'own questions', `Nobody was ever shown what was planted in ${store}: ${unseen}`)
    for (const name of new Set(asked.map(({ person }) => nameOf(person))))
      if (!asked.some(({ person, isHit }) => isHit && nameOf(person) === name))
        this.problem('seeds-unseen', `own questions of ${name}`, 'This person was shown nothing of their own.')
    const { leastAnswers } = this.#settings
    if (asked.length === 0 || rate < leastAnswers)
      this.problem(
        'answers-wrong',
        'own questions',
        `${asked.filter(({ isRight }) => isRight).length} of ${asked.length} questions were answered with what was asked for; at least ${leastAnswers} of all must be.`,
      )
  }
}

const unseen =
  'where its owners see nothing, a leak would not be seen either. Seed it, or leave the store out of stores.'

/** Names a person in reports. */
export function nameOf({ tenantId, workspaceId, userId }: Person): string {
  return [tenantId, workspaceId, userId].map((id) => encodeURIComponent(id)).join('/')
}
