import { matches } from './naive-tools.ts'
import type { NaiveRow, NaiveRows } from './naive-tools.ts'
import type { AttackDesk } from './stage.ts'

/** A list of requests that everybody sees, and whoever knows an id decides. */
export function naiveApprovals(rows: NaiveRows, owner: string): AttackDesk['approvals'] {
  const decide = async (id: unknown) =>
    change(rows.approvals, id, (row) => ({ ...Object(row.value), decided: owner !== '' }))
  return { list: async () => rows.approvals, approve: decide, deny: decide }
}

/** The same for what nobody knows to have been made. */
export function naiveEffects(rows: NaiveRows): AttackDesk['effects'] {
  return {
    list: async () =>
      rows.effects.map(({ owner, key, value }) => ({
        runId: key,
        key,
        value,
        userId: /"([^"]*)"\]$/.exec(owner)?.[1],
      })),
    settle: async (effect, verdict) => change(rows.effects, Reflect.get(Object(effect), 'key'), () => verdict),
  }
}

// What a query is made of by joining texts is all that there is.
function change(rows: NaiveRow[], id: unknown, to: (row: NaiveRow) => unknown): number {
  const found = rows.filter(
    (row) => /['*%]/.test(String(id)) || [row.key, Object(row.value).id].some((each) => matches(String(each), id)),
  )
  for (const row of found) rows.splice(rows.indexOf(row), 1, { ...row, value: to(row) })
  return found.length
}
