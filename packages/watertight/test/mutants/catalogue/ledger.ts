import type { Mutant } from '../mutant.ts'

const lost = (
  id: string,
  rule: 'R51' | 'R52',
  killer: string,
  story: string,
  sql: string,
  maskedBy: readonly string[] = [],
): Mutant => ({
  id,
  rule,
  story,
  layer: 'policy',
  edits: [{ sql }],
  // Start-up compares the schema with what the migrations make, and would refuse to serve any of these.
  maskedBy: ['start-up', ...maskedBy],
  killer: `ledger/${killer}`,
})

// The parts of the policies, so that each mutant says what it leaves out.
const b = '(select b.member from wt.boundary() b)'
const role = '(select b.role from wt.boundary() b)'
const [mine, theirs] = [`member_id = ${b}`, `member_id <> ${b}`]
const [mayDecide, stands] = [`${role} = any (approver_roles)`, 'expires_at > clock_timestamp()']
const isVerdict = "state in ('approved', 'denied')"
const asMyself = `(decided_by, decided_role) = (${b}, ${role}) and decided_version = wt.member_version(decided_by)`
const approverStands = 'decided_version = wt.member_version(decided_by)'
const isAdmin = `${role} in ('admin', 'owner')`
const isOver = "(state = 'unknown' or (state = 'started' and held_until <= clock_timestamp()))"

const onApproval = (policy: string, using: string, check?: string) =>
  `alter policy ${policy} on wt.approval using (${using})${check === undefined ? '' : ` with check (${check})`}`
const onEffect = (policy: string, using: string, check?: string) =>
  `alter policy ${policy} on wt.effect using (${using})${check === undefined ? '' : ` with check (${check})`}`

export const ledgerMutants: readonly Mutant[] = [
  lost(
    'approvals-seen-by-all',
    'R51',
    'approval-seen',
    'Everybody in a workspace reads what others ask for.',
    onApproval('read', 'true'),
  ),
  lost(
    'approval-asked-for-another',
    'R51',
    'approval-name',
    'A request is made in a colleague’s name, to be used by who made it.',
    `alter policy ask on wt.approval with check (state = 'waiting' and ${stands})`,
  ),
  lost(
    'approval-decided-by-asker',
    'R51',
    'decide-own',
    'SQL decides what it asked for itself.',
    onApproval('decide', `${mayDecide} and state = 'waiting' and ${stands}`, `${isVerdict} and ${asMyself}`),
    ['check of who decides'],
  ),
  lost(
    'approval-check-dropped',
    'R51',
    'decide-own',
    'The table takes a decision by who asked.',
    'alter table wt.approval drop constraint approval_check',
    ['policies'],
  ),
  lost(
    'approval-decided-by-any-role',
    'R51',
    'decide-role',
    'SQL of any role decides.',
    onApproval('decide', `${theirs} and state = 'waiting' and ${stands}`, `${theirs} and ${isVerdict} and ${asMyself}`),
    ['reading of approvals'],
  ),
  lost(
    'approval-decided-as-another',
    'R51',
    'decide-name',
    'SQL decides in the name of somebody else.',
    onApproval(
      'decide',
      `${theirs} and ${mayDecide} and state = 'waiting' and ${stands}`,
      `${theirs} and ${isVerdict}`,
    ),
  ),
  lost(
    'approval-decided-late',
    'R51',
    'decide-late',
    'SQL decides after the end of a request.',
    onApproval(
      'decide',
      `${theirs} and ${mayDecide} and state = 'waiting'`,
      `${theirs} and ${isVerdict} and ${asMyself}`,
    ),
  ),
  lost(
    'approval-decided-twice',
    'R51',
    'decide-again',
    'SQL says yes to what was denied.',
    onApproval('decide', `${theirs} and ${mayDecide} and ${stands}`, `${theirs} and ${isVerdict} and ${asMyself}`),
  ),
  lost(
    'approval-used-by-another',
    'R51',
    'use-other',
    'SQL uses up a consent that somebody else was given.',
    onApproval('use_up', `state = 'approved' and ${stands} and ${approverStands}`, "state = 'used'"),
  ),
  lost(
    'approval-used-unapproved',
    'R51',
    'use-unapproved',
    'SQL uses what nobody has consented to.',
    onApproval('use_up', `${mine} and ${stands}`, `${mine} and state = 'used'`),
    ['check of who decides'],
  ),
  lost(
    'approval-used-late',
    'R51',
    'use-late',
    'SQL uses a consent after its end.',
    onApproval('use_up', `${mine} and state = 'approved' and ${approverStands}`, `${mine} and state = 'used'`),
  ),
  lost(
    'approval-used-of-who-left',
    'R51',
    'use-changed',
    'SQL uses a consent whose giver was changed since.',
    onApproval('use_up', `${mine} and state = 'approved' and ${stands}`, `${mine} and state = 'used'`),
  ),
  lost(
    'approval-taken-back-by-another',
    'R51',
    'take-back',
    'SQL deletes what somebody else asked for.',
    onApproval('take_back', 'true'),
  ),
  lost(
    'effects-seen-by-all',
    'R52',
    'effect-seen',
    'Everybody in a workspace reads the effects of others.',
    onEffect('read', 'true'),
  ),
  lost(
    'effect-in-any-name',
    'R52',
    'effect-name',
    'SQL begins an effect in a colleague’s name.',
    "alter policy start on wt.effect with check (state = 'started')",
  ),
  lost(
    'effect-proceeds-for-another',
    'R52',
    'effect-proceed',
    'SQL of an admin goes on with a colleague’s effect.',
    onEffect('proceed', "state <> 'done'", 'true'),
  ),
  lost(
    'effect-unmade',
    'R52',
    'effect-made',
    'What was made is in doubt again, and so is made again.',
    onEffect('proceed', mine, mine),
  ),
  lost(
    'effect-settled-as-anything',
    'R52',
    'effect-made-admin',
    'An admin’s word on an effect is any state at all.',
    onEffect('settle', `${isAdmin} and ${isOver}`, isAdmin),
  ),
  lost(
    'effect-settled-by-any-role',
    'R52',
    'settle-role',
    'SQL of a member settles a colleague’s effect.',
    onEffect('settle', isOver, "state = 'done'"),
    ['reading of effects'],
  ),
  lost(
    'effect-settled-alive',
    'R52',
    'settle-live',
    'An admin settles what is underway.',
    onEffect('settle', isAdmin, `${isAdmin} and state = 'done'`),
  ),
  lost(
    'effect-deleted-by-any-role',
    'R52',
    'absent-role',
    'SQL of a member deletes a colleague’s effect, and it is made again.',
    onEffect('settle_absent', isOver),
    ['reading of effects'],
  ),
  lost(
    'effect-deleted-alive',
    'R52',
    'absent-live',
    'SQL deletes what is underway, and it is made twice.',
    onEffect('settle_absent', `${mine} or ${isAdmin}`),
  ),
  lost(
    'effect-deleted-made',
    'R52',
    'absent-made',
    'SQL deletes what was made, and it is made again.',
    onEffect('settle_absent', `(${mine} or ${isAdmin}) and (state <> 'started' or held_until <= clock_timestamp())`),
  ),
  lost(
    'result-of-another-member',
    'R52',
    'result-seen',
    'The floor of stored answers compares tenant and workspace alone.',
    'alter policy floor on wt.effect_result using ((tenant_id, workspace_id) = (select b.tenant, b.workspace from wt.boundary() b))',
  ),
  lost(
    'result-without-end',
    'R52',
    'result-expired',
    'A stored answer is read after its end.',
    'alter policy own on wt.effect_result using (true)',
  ),
]
