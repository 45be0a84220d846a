import type { Engine } from '../client.ts'

/**
 * The roles whose rights this session has or can take: a common table `held (oid)` for the statements of this folder.
 *
 * On a server that is who logged in, whom the session goes by since (`set session authorization` can be reset) and the
 * role it acts as, with everything that they are members of: a member without INHERIT takes the rights by SET ROLE.
 * PGlite's session is the superuser by nature, which SECURITY.md says; the role it was left in is checked like a login.
 */
export function heldRoles({ name }: Engine): string {
  const roots =
    name === 'postgres'
      ? 'rolname in (session_user, current_user) or oid = (select usesysid from pg_stat_activity where pid = pg_backend_pid())'
      : 'rolname = current_user'
  return `recursive held as (
    select oid from pg_roles where ${roots}
    union select m.roleid from held join pg_auth_members m on m.member = held.oid)`
}
