import { createCanary, createCanaryDetector } from '../../src/testing/index.ts'
import type { CanaryDetector, CanaryFinding } from '../../src/testing/index.ts'
import { Refusal } from '../../src/index.ts'
import type { RefusalCode } from '../../src/index.ts'
import type { Obeyed } from './obey.ts'
import type { AttackCase, Call, Group, Step } from './attack-case.ts'
import { handles, operations } from './operations.ts'
import type { Act, Hands } from './operations.ts'
import { me, targets, twins } from './people.ts'
import { fillIn } from './placeholders.ts'
import type { Named } from './placeholders.ts'
import type { AttackDesk, AttackRun, Person } from './stage.ts'
import type { FurnishedStage } from './furnish.ts'

/** How a case ended. `held` when the expected came, nobody else's secret was seen, and all that is not the attacker's is as it was. */
export interface Verdict {
  readonly id: string
  readonly held: boolean
  /** secrets of others that were observed */
  readonly leaks: readonly CanaryFinding[]
  /** whether something that is not the attacker's was changed */
  readonly harm: boolean
  /** whether an answer tells that something exists elsewhere */
  readonly told: boolean
  /** the first thing that is not as it must be, without any secret */
  readonly why?: string
}

const foreign = createCanaryDetector(
  twins.foreignTo({ tenantId: me.tenantId, workspaceId: me.workspaceId, userId: me.userId }),
)

/** Plays one case. A case that is wrong in itself, because a step of its setup fails or names nothing, is not held either. */
export async function runCase(furnished: FurnishedStage, attack: AttackCase): Promise<Verdict> {
  const play = await Play.begin(furnished, attack)
  try {
    return await play.toTheEnd()
  } catch (error) {
    // No refusal: the case is wrong, or the subject is. Either way the others go on, from what it has left.
    delete furnished.last.fingerprint
    return play.broken(error instanceof Error ? `${error.name} was thrown: ${error.message}` : 'something was thrown')
  } finally {
    await play.clear()
  }
}

type Outcome = { readonly value: unknown } | { readonly refused: Refusal }

class Play {
  readonly #furnished: FurnishedStage
  readonly #attack: AttackCase
  readonly #named: Named
  readonly #kept = new Map<string, unknown>()
  /** finds the secret that the case plants, where it plants one */
  readonly #planted: CanaryDetector | undefined
  readonly #desks = new Map<Person, AttackDesk>()
  #run: AttackRun | undefined
  #told = false

  static async begin(furnished: FurnishedStage, attack: AttackCase): Promise<Play> {
    const play = new Play(furnished, attack)
    await play.#enter(me, attack.role ?? 'member')
    await play.#enter(targets[attack.against], 'owner')
    return play
  }

  private constructor(furnished: FurnishedStage, attack: AttackCase) {
    const secret = createCanary({ seed: 'attacks', owner: ['case', attack.id], store: 'planted' })
    const twin = targets[attack.against]
    this.#furnished = furnished
    this.#attack = attack
    this.#planted = JSON.stringify(attack).includes('$secret') ? createCanaryDetector([secret]) : undefined
    this.#named = {
      me: { ...me, runId: furnished.runs.get(me)?.id },
      twin: { ...twin, runId: furnished.runs.get(twin)?.id },
      secret,
      case: { id: attack.id },
      kept: this.#kept,
    }
  }

  async toTheEnd(): Promise<Verdict> {
    const { setup = [], steps, expect } = this.#attack
    const { stage } = this.#furnished
    if (steps.length === 0) return this.broken('it has no steps')
    stage.heard()
    let unexpected: string | undefined
    for (const step of setup) unexpected ??= await this.#prepare(step)
    // What the case before has left is what this one finds, unless its setup has changed it.
    const before = (setup.length === 0 ? this.#furnished.last.fingerprint : undefined) ?? (await stage.fingerprint(me))
    const observed: unknown[] = []
    for (const [at, step] of steps.entries()) {
      const outcome = await this.#take(step)
      if (!isHandle(step)) observed.push(seenOf(outcome))
      const last = at === steps.length - 1
      const wanted = last ? (expect === 'nothing of the twin' ? undefined : expect) : step.refused
      const differs = differenceOf(outcome, wanted, 'each' in step ? undefined : step.outcomes)
      if (differs !== undefined) unexpected ??= `step ${at + 1}, ${step.do}, ${differs}`
    }
    observed.push(await this.#evidence(), stage.heard())
    const after = await stage.fingerprint(me)
    this.#furnished.last.fingerprint = after
    const harm = after !== before
    return this.#judge(observed, harm, unexpected)
  }

  broken(why: string): Verdict {
    return { id: this.#attack.id, held: false, leaks: [], harm: false, told: false, why }
  }

  #judge(observed: readonly unknown[], harm: boolean, unexpected: string | undefined): Verdict {
    const { id } = this.#attack
    const reports = [foreign, this.#planted].flatMap((detector) => detector?.scan(observed) ?? [])
    const leaks = reports.flatMap(({ findings }) => findings)
    const gaveUp = reports.flatMap((report) => report.gaveUp)
    const [leak] = leaks
    const why = [
      ...(leak === undefined ? [] : [`${leak.canary} was seen at ${leak.at}`]),
      ...(this.#told ? ['a missing and a foreign one are told apart'] : []),
      ...(harm ? ['something of another owner was changed'] : []),
      ...(unexpected === undefined ? [] : [unexpected]),
      ...gaveUp.map((reason) => `not everything was looked at: ${reason}`),
    ][0]
    return { id, held: why === undefined, leaks, harm, told: this.#told, ...(why === undefined ? {} : { why }) }
  }

  async #prepare(step: Step): Promise<string | undefined> {
    const outcome = await this.#take(step)
    const code = 'refused' in outcome ? outcome.refused.code : undefined
    return code === step.refused ? undefined : `setup: ${step.do} came to ${code ?? 'an answer'}`
  }

  async #take(step: Step): Promise<Outcome> {
    if (!('each' in step)) return await this.#call(step)
    return step.do === 'together' ? await this.#together(step) : await this.#compare(step)
  }

  async #together({ each }: Group): Promise<Outcome> {
    const outcomes = await Promise.all(each.map((call) => this.#call(call)))
    // What the other one's requests were answered is theirs to see.
    const mine = outcomes.filter((_outcome, at) => each[at]?.by !== 'twin')
    const refused = mine.find((outcome) => 'refused' in outcome)
    return refused ?? { value: mine.map(seenOf) }
  }

  async #compare({ each }: Group): Promise<Outcome> {
    const seen: unknown[] = []
    for (const call of each) seen.push(seenOf(await this.#call(call)))
    this.#told ||= new Set(seen.map((outcome) => JSON.stringify(outcome))).size > 1
    return { value: seen }
  }

  async #call(step: Call): Promise<Outcome> {
    const held = step.on === undefined ? undefined : fillIn(step.on, this.#named)
    // What was to be used was refused already: so is its use.
    if (held instanceof Refusal) return this.#refused(step, held)
    const given = (step.with ?? []).map((value) => fillIn(value, this.#named))
    try {
      const act: Act = operations[step.do]
      const value = await act(this.#hands(step, held), ...given)
      if (step.keep !== undefined) this.#kept.set(step.keep, value)
      return { value }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return this.#refused(step, error)
    }
  }

  #refused({ keep }: Call, refused: Refusal): Outcome {
    if (keep !== undefined) this.#kept.set(keep, refused)
    return { refused }
  }

  #hands({ by = 'me' }: Call, held: unknown): Hands {
    const person = by === 'me' ? me : targets[this.#attack.against]
    return {
      stage: this.#furnished.stage,
      // What was kept is what `within()` or `startRun()` of an earlier step has returned.
      desk: async () => (held as AttackDesk | undefined) ?? this.#deskOf(person),
      run: async () => (held as AttackRun | undefined) ?? (await this.#runOf(person)),
    }
  }

  #deskOf(person: Person): AttackDesk {
    const desk = this.#desks.get(person)
    if (desk === undefined) throw new TypeError('Nobody has entered there.')
    return desk
  }

  async #runOf(person: Person): Promise<AttackRun> {
    const standing = this.#furnished.runs.get(person)
    if (person !== me && standing !== undefined) return standing
    this.#run ??= await this.#deskOf(me).startRun({ agent: 'desk', promptVersion: '1' })
    return this.#run
  }

  async #enter(person: Person, role: string): Promise<void> {
    const { stage } = this.#furnished
    const { tenantId, workspaceId, userId } = person
    const boundary = stage.narrow(await stage.openBoundary({ tenantId, userId }, { workspaceId }), { role })
    this.#desks.set(person, stage.within(boundary))
    this.#kept.set(person === me ? 'boundary' : 'theirBoundary', boundary)
    this.#kept.set(person === me ? 'desk' : 'theirDesk', this.#desks.get(person))
    if (person !== me) this.#kept.set('theirRun', this.#furnished.runs.get(person))
  }

  /** What the attacker's own log says of the attack: it is theirs to read. */
  async #evidence(): Promise<unknown> {
    if (this.#run === undefined) return []
    try {
      await this.#run.end()
      return await this.#deskOf(me).explain(this.#run.id)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return error.toJSON()
    }
  }

  /** Ends what the case has begun, and removes what the attacker has planted at home: the next case begins as the first did. */
  async clear(): Promise<void> {
    for (const item of (await this.#desks.get(me)?.memory.list({ limit: 1_000 })) ?? []) {
      const key: unknown = Reflect.get(Object(item), 'key')
      if (key !== me.sharedKey && key !== me.memoryKey) await this.#deskOf(me).memory.delete(key)
    }
    await this.#run?.end().catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error
    })
  }
}

/** How an outcome differs from what was wanted, or `undefined`. */
function differenceOf(
  outcome: Outcome,
  wanted: RefusalCode | undefined,
  outcomes: Call['outcomes'],
): string | undefined {
  const code = 'refused' in outcome ? outcome.refused.code : undefined
  if (code !== wanted) return `came to ${code ?? 'an answer'} and not to ${wanted ?? 'an answer'}`
  if (outcomes === undefined || !('value' in outcome)) return undefined
  // `outcomes` is for `obey` alone, and this is what it returns.
  const came = (outcome.value as Obeyed).outcomes.map((each) => each.came).join(', ')
  return came === outcomes.join(', ') ? undefined : `obeyed, and came to ${came} and not to ${outcomes.join(', ')}`
}

function isHandle(step: Step): boolean {
  return !('each' in step) && handles.has(step.do)
}

/** What a model sees of an outcome: a refusal's cause stays on the server. */
function seenOf(outcome: Outcome): unknown {
  if ('value' in outcome) return outcome.value ?? null
  const { refused } = outcome
  return { ...refused.toJSON(), members: Object.entries(refused).filter(([name]) => name !== 'cause') }
}
