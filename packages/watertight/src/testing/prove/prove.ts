import { createTwins } from '../twins/create-twins.ts'
import { attack, attacksOf } from './attacks.ts'
import { describeError } from './describe-error.ts'
import type { IsolationReport } from './isolation-report.ts'
import type { IsolationTarget, Person, SeedOwner } from './isolation-target.ts'
import { Journal, nameOf } from './journal.ts'
import { askAgain, askForOwn, ownQuestions, planChecks, tellLost } from './own-questions.ts'
import type { Planted } from './own-questions.ts'
import { peopleOf, plantingsOf } from './plantings.ts'
import type { Planting } from './plantings.ts'
import { readSettings } from './prove-options.ts'
import type { ProveOptions } from './prove-options.ts'
import type { Proof } from './session.ts'
import { takeStep } from './take-step.ts'

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
  await putAll(proof, people, planted)
  if (proof.journal.isOver) proof.journal.problem('stopped', 'the proof', 'Too much was wrong to go on.')
  return proof.journal.report()
}

// Everybody's own first, then the attacks of one after another; before they attack, the others' own are asked for again.
async function putAll<Caller>(
  proof: Proof<Caller>,
  people: readonly Person[],
  planted: readonly Planted[],
): Promise<void> {
  const { journal, settings } = proof
  const checks = planChecks(people, planted)
  const attacks = people.map((person) => ({ person, sessions: attacksOf(person, people, planted, settings) }))
  const own = people.flatMap((person) => ownQuestions(person, planted)).length
  const total = own + 2 * [...checks.values()].flat().length + attacks.flatMap(({ sessions }) => sessions.flat()).length
  const tell = (step: string) => settings.onProgress({ done: journal.turns, total, step })
  tell('own questions of everybody')
  await askForOwn(proof, people, planted)
  const shown = new Map<Person, readonly boolean[]>()
  for (const [person, questions] of checks) {
    if (journal.isOver) return
    tell(`own questions of ${nameOf(person)}, in a new session`)
    shown.set(person, await askAgain(proof, person, questions))
  }
  for (const { person, sessions } of attacks) {
    if (journal.isOver) return
    const questions = checks.get(person) ?? []
    if (questions.length > 0) {
      tell(`own questions of ${nameOf(person)}, after attacks of others`)
      const after = await askAgain(proof, person, questions)
      tellLost(proof, person, questions, { before: shown.get(person) ?? [], after })
    }
    for (const turns of sessions)
      await attack(proof, person, turns, ({ prompt }) => tell(`${prompt} by ${nameOf(person)}`))
  }
}

const steps = ['seed', 'open', 'say'] as const
const optionalSteps = ['observed', 'close'] as const

function requireTarget<Caller>(target: IsolationTarget<Caller>): void {
  const held: unknown = target
  if (typeof held !== 'object' || held === null) throw new TypeError('A target is an object with functions.')
  for (const step of steps)
    if (typeof target[step] !== 'function') throw new TypeError(`The target has no function ${step}().`)
  for (const step of optionalSteps)
    if (target[step] !== undefined && typeof target[step] !== 'function')
      throw new TypeError(`${step} of the target is no function: leave it out, or make it one.`)
}

async function plantAll<Caller>(
  { target, settings, journal }: Proof<Caller>,
  plantings: readonly Planting[],
): Promise<readonly Planted[] | undefined> {
  const planted: Planted[] = []
  for (const planting of plantings) {
    const { owner } = planting
    settings.onProgress({ done: 0, total: plantings.length, step: `seed of ${nameOfOwner(owner)}` })
    const result = await takeStep(settings.timeout, async () => idsOf(owner, await target.seed(owner)))
    if (!result.ok) {
      const isLate = result.kind === 'timed-out'
      const message = isLate ? `It took longer than ${settings.timeout} ms.` : describeError(result.error)
      journal.problem(result.kind, `seed of ${nameOfOwner(owner)}`, message)
      return undefined
    }
    planted.push({ ...planting, ids: result.value })
  }
  return planted
}

function idsOf({ records }: SeedOwner, ids: unknown): readonly string[] {
  return records.map(({ id }, at) => idAt(ids, at) ?? id)
}

function idAt(ids: unknown, at: number): string | undefined {
  const id: unknown = Array.isArray(ids) ? ids[at] : undefined
  return typeof id === 'string' ? id : undefined
}

function nameOfOwner({ tenantId, workspaceId, userId }: SeedOwner): string {
  return [tenantId, workspaceId, userId].flatMap((id) => (id === undefined ? [] : encodeURIComponent(id))).join('/')
}
