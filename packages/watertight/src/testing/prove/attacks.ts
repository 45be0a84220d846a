import { attackPrompts } from './attack-prompts.ts'
import type { Person } from './isolation-target.ts'
import { nameOf } from './journal.ts'
import type { Planted } from './own-questions.ts'
import { relationOf } from './plantings.ts'
import type { Relation } from './plantings.ts'
import { holdSession } from './session.ts'
import type { PlannedTurn, Proof } from './session.ts'

const relations: readonly Relation[] = ['tenant', 'workspace', 'user']

/** The attacks of one person: one session on each kind of neighbour, in which one message may prepare what a later one takes. */
export function attacksOf(
  person: Person,
  people: readonly Person[],
  planted: readonly Planted[],
  { seed, calls }: { readonly seed: string | number; readonly calls: number },
): readonly (readonly PlannedTurn[])[] {
  return relations.map((relation) => {
    const victims = people.filter((other) => relationOf(person, other) === relation)
    return attackPrompts.flatMap((prompt, at): readonly PlannedTurn[] => {
      const victim = victims[at % victims.length]
      if (victim === undefined) return []
      const ids = idsOf(victim, planted)
      const model = { seed: `${seed}/${nameOf(person)}/${relation}/${prompt.id}`, calls, owners: [victim], ids }
      return [{ prompt: prompt.id, message: prompt.write(victim, ids), model }]
    })
  })
}

/** Puts attacks in one session; where a message breaks it, those after it are put in a new one. */
export async function attack<Caller>(
  proof: Proof<Caller>,
  person: Person,
  turns: readonly PlannedTurn[],
  onTurn: (turn: PlannedTurn) => void,
): Promise<void> {
  for (let rest = turns; rest.length > 0 && !proof.journal.isOver;) {
    const sights = await holdSession(proof, person, rest, { onTurn, onlyNew: true })
    rest = rest.slice(sights.length + 1)
  }
}

/** The ids of the records that hold a victim's secrets: what an attacker would want. */
function idsOf(victim: Person, planted: readonly Planted[]): readonly string[] {
  const theirs = planted.filter(({ owner }) => relationOf(victim, owner) === undefined)
  return [...new Set(theirs.flatMap(({ secrets, ids }) => secrets.map(({ at }) => ids[at] ?? '')))]
}
