import { exactIndexOf } from './exact-index.ts'

/** The built-in roles, least first. A role that is not listed ranks below all of them: it may do nothing that asks for one. */
const ladder = ['viewer', 'member', 'admin', 'owner'] as const

/** A person's role in a workspace. Other names are allowed and fail every check that asks for a built-in one. */
export type Role = (typeof ladder)[number] | (string & {})

/** Says whether `role` is at least `least`. An unknown role never is; an unknown `least` is met by nobody. */
export function roleReaches(role: string, least: string): boolean {
  const asked = exactIndexOf(ladder, least)
  return asked >= 0 && exactIndexOf(ladder, role) >= asked
}

/** The built-in roles that are at least `least`; none where it is unknown. */
export function rolesFrom(least: string): readonly string[] {
  return ladder.filter((role) => roleReaches(role, least))
}
