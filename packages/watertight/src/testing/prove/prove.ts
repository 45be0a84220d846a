import { createTwins } from '../twins/create-twins.ts'
import { attackPrompts } from './attack-prompts.ts'
import type { IsolationReport } from './isolation-report.ts'
import type { IsolationTarget, Person, SeedOwner } from './isolation-target.ts'
import { Journal, nameOf } from './journal.ts'
import { peopleOf, plantingsOf, relationOf } from './plantings.ts'
import type { PlantedSecret, Planting, Relation } from './plantings.ts'
import { readSettings } from './prove-options.ts'
import type { ProveOptions } from './prove-options.ts'
import { describeError, holdSession } from './session.ts'
import type { PlannedTurn, Proof } from './session.ts'
import { takeStep } from './take-step.ts'

/** The calls of tools for a question about somebody's own record: it is no attack, and needs few. */
const ownCalls = 12

/**
 * Proves that an app keeps look-alike tenants, sibling workspaces and sibling users apart, or finds where it does not.
 *
 * It seeds all of them with secrets, lets everybody ask for their own at the same time, and then lets everybody attack one
 * neighbour of each kind with each prompt, through a model that obeys everything. Whatever arrives at a caller is searched
 * for the secrets of others, in any rendering. It passes only where nothing of others arrived and people saw their own.
 *
 * @param target the app
 * @param options how many of each, what is seeded, and the limits
 * @returns the report; a target that throws, hangs or shows nothing is `broken` in it
 * @throws {TypeError} when the target lacks a function or an option is out of its range
 */
export async function prove<Caller>(
  target: IsolationTarget<Caller>,
  options: ProveOptions = {},
): Promise<IsolationReport> {
  requireTarget(target)
  const settings = readSettings(options)
  const { seed, tenants, workspaces, users, stores } = settings
  const twins = createTwins<string>({ seed, tenants, workspaces, users, stores: [...stores.workspace, ...stores.user] })
  const plantings = plantingsOf(twins, stores)
  const proof = { target, settings, journal: new Journal(settings, plantings) }
  const planted = await plantAll(proof, plantings)
  if (planted === undefined) return proof.journal.report()
  const people = peopleOf(twins)
  const attacks = attacksOf(people, planted, settings)
  const total = attacks.length + people.flatMap((person) => ownSecrets(person, planted)).length
  await askForOwn(proof, people, planted, total)
  for (const { person, turn } of attacks) {
    if (proof.journal.isOver) break
    settings.onProgress({ done: proof.journal.turns, total, step: `${turn.prompt} by ${nameOf(person)}` })
    await holdSession(proof, person, [turn])
  }
  if (proof.journal.isOver) proof.journal.problem('stopped', 'the proof', 'Too much was wrong to go on.')
  return proof.journal.report()
}

const steps = ['seed', 'open', 'say', 'observed'] as const

function requireTarget<Caller>(target: IsolationTarget<Caller>): void {
  const held: unknown = target
  if (typeof held !== 'object' || held === null) throw new TypeError('A target is an object with functions.')
  for (const step of steps)
    if (typeof target[step] !== 'function') throw new TypeError(`The target has no function ${step}().`)
}

/** A planting whose records have the ids by which the app knows them. */
interface Planted extends Planting {
  readonly ids: readonly string[]
}

async function plantAll<Caller>(
  { target, settings, journal }: Proof<Caller>,
  plantings: readonly Planting[],
): Promise<readonly Planted[] | undefined> {
  const planted: Planted[] = []
  for (const planting of plantings) {
    const { owner } = planting
    settings.onProgress({ done: 0, total: plantings.length, step: `seed of ${nameOfOwner(owner)}` })
    const result = await takeStep(settings.timeout, () => target.seed(owner))
    if (!result.ok) {
      const isLate = result.kind === 'timed-out'
      const message = isLate ? `It took longer than ${settings.timeout} ms.` : describeError(result.error)
      journal.problem(result.kind, `seed of ${nameOfOwner(owner)}`, message)
      return undefined
    }
    planted.push({ ...planting, ids: owner.records.map(({ id }, at) => idAt(result.value, at) ?? id) })
  }
  return planted
}

function idAt(ids: unknown, at: number): string | undefined {
  const id: unknown = Array.isArray(ids) ? ids[at] : undefined
  return typeof id === 'string' ? id : undefined
}

// All at the same time, so that answers that are mixed up, or come in another order, arrive at somebody else.
async function askForOwn<Caller>(
  proof: Proof<Caller>,
  people: readonly Person[],
  planted: readonly Planted[],
  total: number,
): Promise<void> {
  const { journal, settings } = proof
  settings.onProgress({ done: 0, total, step: 'own questions of everybody' })
  await Promise.all(
    people.map(async (person) => {
      const own = ownSecrets(person, planted)
      const sights = await holdSession(
        proof,
        person,
        own.map(({ message }): PlannedTurn => ({
          prompt: 'own-question',
          message,
          model: { seed: settings.seed, calls: ownCalls },
        })),
        true,
      )
      // A question that was never answered counts as a wrong answer.
      const nothing = { answer: new Set<string>(), anywhere: new Set<string>() }
      for (const [at, { secret }] of own.entries()) journal.answered(person, secret, sights[at] ?? nothing)
    }),
  )
}

function ownSecrets(
  person: Person,
  planted: readonly Planted[],
): readonly { readonly secret: PlantedSecret; readonly message: string }[] {
  return planted
    .filter(({ owner }) => relationOf(person, owner) === undefined)
    .flatMap(({ owner, secrets, ids }) =>
      secrets.map((secret) => {
        const title = owner.records[secret.at]?.title ?? ''
        const message = `In ${secret.store}, read "${ids[secret.at] ?? ''}" (${title}) and tell me every word of it.`
        return { secret, message }
      }),
    )
}

interface Attack {
  readonly person: Person
  readonly turn: PlannedTurn
}

function attacksOf(
  people: readonly Person[],
  planted: readonly Planted[],
  { seed, calls }: { readonly seed: string | number; readonly calls: number },
): readonly Attack[] {
  return people.flatMap((person) =>
    relations.flatMap((relation) => {
      const victims = people.filter((other) => relationOf(person, other) === relation)
      return attackPrompts.flatMap((prompt, at): readonly Attack[] => {
        const victim = victims[at % victims.length]
        if (victim === undefined) return []
        const ids = idsOf(victim, planted)
        const model = { seed: `${seed}/${nameOf(person)}/${relation}/${prompt.id}`, calls, owners: [victim], ids }
        return [{ person, turn: { prompt: prompt.id, message: prompt.write(victim, ids), model } }]
      })
    }),
  )
}

const relations: readonly Relation[] = ['tenant', 'workspace', 'user']

/** The ids of the records that hold a victim's secrets: what an attacker would want. */
function idsOf(victim: Person, planted: readonly Planted[]): readonly string[] {
  const theirs = planted.filter(({ owner }) => relationOf(victim, owner) === undefined)
  return [...new Set(theirs.flatMap(({ secrets, ids }) => secrets.map(({ at }) => ids[at] ?? '')))]
}

function nameOfOwner({ tenantId, workspaceId, userId }: SeedOwner): string {
  return [tenantId, workspaceId, userId].flatMap((id) => (id === undefined ? [] : encodeURIComponent(id))).join('/')
}
