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

/** Somebody whose id runs into a key as the other's does. */
export interface KeyNeighbour extends Neighbour {
  /** the key that the person glued to it has */
  readonly glued: string
}

/** Everybody with whom a case is tried. */
export type Circle<Each extends Neighbour> = (person: Person, levels: readonly ContractLevel[]) => readonly Each[]

/** Separators with which keys are glued together most often: parts that hold one may be cut in another place. */
const common = [':', '/', '|', '-', '_', '.', ' ']

/** Those, none, and those that somebody chose because nobody would type them. */
const separators = [
  '',
  ...common,
  '#',
  '::',
  '\0',
  '@',
  '+',
  '~',
  '--',
  '__',
  '||',
  '$',
  '=',
  '&',
  ';',
  ',',
  '\t',
  '\u001f',
  '%',
]

const order = ['tenantId', 'workspaceId', 'userId'] as const

/** Nobody: what one owner does alone. */
export const nobody: Circle<Neighbour> = () => []

/** Makes everybody who looks like a person on one of the levels: the other two are the same. */
export function neighboursOf(person: Person, levels: readonly ContractLevel[]): readonly Neighbour[] {
  return distinct(person, [...alike(person, levels, lookAlikeKinds), ...shifted(person, levels)])
}

/** A few of them, for what goes wrong between any two. */
export function fewOf(person: Person, levels: readonly ContractLevel[]): readonly Neighbour[] {
  return distinct(person, alike(person, levels, ['sibling', 'number']))
}

/** Everybody whose parts are, glued with one separator, the same: `a:b` and `c`, `a` and `b:c`. */
export function gluedOf(person: Person, levels: readonly ContractLevel[]): readonly Neighbour[] {
  const members = membersOf(levels)
  const parts = [...members.map((member) => person[member]), 'eu']
  const all = separators.flatMap((separator) =>
    members.map((joined, at): Neighbour => {
      const ids = [...parts.slice(0, at), parts.slice(at, at + 2).join(separator), ...parts.slice(at + 2)]
      const changed = Object.fromEntries(members.map((member, place) => [member, ids[place]]))
      return { name: `${JSON.stringify(separator)} in the ${joined}`, owner: { ...person, ...changed } }
    }),
  )
  return distinct(person, all)
}

/** Everybody whose id and the key `key` are, glued together, the person's id and another key, on each level. */
export function keyGluedOf(person: Person, levels: readonly ContractLevel[]): readonly KeyNeighbour[] {
  return membersOf(levels).flatMap((member): readonly KeyNeighbour[] => [
    ...separators.map((separator) => ({
      name: `${member} and key glued with ${JSON.stringify(separator)}`,
      owner: { ...person, [member]: `${person[member]}${separator}eu` },
      glued: `eu${separator}key`,
    })),
    ...['', ':', '/', '-', '_'].map((separator) => ({
      name: `key and ${member} glued with ${JSON.stringify(separator)}`,
      owner: { ...person, [member]: `eu${separator}${person[member]}` },
      glued: `key${separator}eu`,
    })),
  ])
}

/** Shared beginnings: one is longer than a cut, and of ids that are short enough for a backend which refuses long ones. */
const sharedLengths = [11, 16, 24, 31, 40, 63, 99, 127, 199, 254, 255, 300]

/** Everybody whose ids share a long beginning, and differ in the last character on one level. */
export function longOf(person: Person, levels: readonly ContractLevel[]): readonly Neighbour[] {
  const members = membersOf(levels)
  return sharedLengths.flatMap((length) => {
    // All parts are long, so that what is cut after they are joined is found too.
    const long = Object.fromEntries(members.map((member) => [member, `${person[member].padEnd(length, 'long')}a`]))
    const base = { ...person, ...long }
    const differing = members.map((member) => ({
      name: `${member} that differs after ${length} characters`,
      owner: { ...base, [member]: `${base[member].slice(0, -1)}b` },
    }))
    return [{ name: `ids of ${length + 1} characters`, owner: base }, ...differing]
  })
}

/** Whether ids hold nothing that a backend may well refuse. */
export function isPlain({ tenantId, workspaceId, userId }: Person): boolean {
  return [tenantId, workspaceId, userId].every((id) => /^[a-z0-9_.-]{1,40}$/.test(id))
}

function membersOf(levels: readonly ContractLevel[]): readonly (typeof order)[number][] {
  return order.filter((member) => levels.some((level) => member === `${level}Id`))
}

function alike(
  person: Person,
  levels: readonly ContractLevel[],
  kinds: readonly (typeof lookAlikeKinds)[number][],
): readonly Neighbour[] {
  return levels.flatMap((level) => {
    const member = `${level}Id` as const
    return kinds.flatMap((kind): readonly Neighbour[] => {
      const id = makeLookAlike(person[member], kind)
      return id === undefined ? [] : [{ name: `${level} that differs by ${kind}`, owner: { ...person, [member]: id } }]
    })
  })
}

// `a` and `b:c` are glued to the same key as `a:b` and `c`.
function shifted(person: Person, levels: readonly ContractLevel[]): readonly Neighbour[] {
  if (!levels.includes('tenant') || !levels.includes('workspace')) return []
  return common.flatMap((separator) => [
    {
      name: `${JSON.stringify(separator)} in the tenant`,
      owner: { ...person, tenantId: `${person.tenantId}${separator}ws`, workspaceId: '1' },
    },
    {
      name: `${JSON.stringify(separator)} in the workspace`,
      owner: { ...person, workspaceId: `ws${separator}1` },
    },
  ])
}

// Each owner once, under its first name, and never the person.
function distinct(person: Person, neighbours: readonly Neighbour[]): readonly Neighbour[] {
  const named = neighbours.toReversed().map((neighbour) => [JSON.stringify(neighbour.owner), neighbour] as const)
  const own = JSON.stringify(person)
  return [...new Map(named.filter(([name]) => name !== own)).values()]
}
