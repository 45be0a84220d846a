import type { Person } from '../prove/isolation-target.ts'
import { lookAlikeKinds, makeLookAlike } from '../twins/look-alike.ts'

/** What keeps owners apart: tenants, workspaces of one tenant, users of one workspace. */
export type ContractLevel = 'tenant' | 'workspace' | 'user'

/** Somebody who is easily taken for somebody else. */
export interface Neighbour {
  /** in which way, for messages */
  readonly name: string
  readonly owner: Person
}

/** Separators with which keys are glued together: parts that hold one may be cut in another place. */
const separators = [':', '/', '|', '-', '_', '.', ' ']

/** Makes everybody who looks like a person on one of the levels: the other two are the same. */
export function neighboursOf(person: Person, levels: readonly ContractLevel[]): readonly Neighbour[] {
  const alike = levels.flatMap((level) => {
    const member = `${level}Id` as const
    return lookAlikeKinds.flatMap((kind): readonly Neighbour[] => {
      const id = makeLookAlike(person[member], kind)
      return id === undefined ? [] : [{ name: `${level} that differs by ${kind}`, owner: { ...person, [member]: id } }]
    })
  })
  const own = JSON.stringify(person)
  const all = [...alike, ...shifted(person, levels)].map(
    (neighbour) => [JSON.stringify(neighbour.owner), neighbour] as const,
  )
  return [...new Map(all.filter(([name]) => name !== own)).values()]
}

// `a` and `b:c` are glued to the same key as `a:b` and `c`.
function shifted(person: Person, levels: readonly ContractLevel[]): readonly Neighbour[] {
  if (!levels.includes('tenant') || !levels.includes('workspace')) return []
  return separators.flatMap((separator) => [
    {
      name: `${separator} in the tenant`,
      owner: { ...person, tenantId: `${person.tenantId}${separator}ws`, workspaceId: '1' },
    },
    { name: `${separator} in the workspace`, owner: { ...person, workspaceId: `ws${separator}1` } },
  ])
}
