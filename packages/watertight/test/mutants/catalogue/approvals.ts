import type { Edit, Mutant } from '../mutant.ts'

interface Lost {
  readonly id: string
  readonly rule: 'R49' | 'R50'
  readonly killer: string
  readonly story: string
  readonly edits: readonly Edit[]
  /** what else says it: row security, and the table's own checks */
  readonly maskedBy?: readonly string[]
}

const consent = ({ killer, maskedBy = ['policies'], ...lost }: Lost): Mutant => {
  const masks = lost.edits.some((edit) => 'function' in edit) ? ['start-up', ...maskedBy] : maskedBy
  return { ...lost, layer: 'surface', ...(masks.length > 0 && { maskedBy: masks }), killer: `approvals/${killer}` }
}

const inSql = (name: string, find: string, put = ''): Edit => ({ function: name, find, put })

export const approvalMutants: readonly Mutant[] = [
  consent({
    id: 'consent-of-oneself',
    rule: 'R49',
    killer: 'own',
    story: 'Who asks for a call also consents to it.',
    edits: [
      inSql(
        'approval_decide',
        "perform from wt.approval a where (a.tenant_id, a.workspace_id, a.member_id) = (b.tenant, b.workspace, b.member) and a.id = approval;\n  if found then\n    return 'own';\n  end if;",
      ),
      inSql('approval_decide', 'and a.member_id <> b.member '),
    ],
    maskedBy: ['policies', 'check of who decides'],
  }),
  consent({
    id: 'consent-of-any-role',
    rule: 'R49',
    killer: 'role',
    story: 'The role of who consents is not asked for.',
    edits: [inSql('approval_decide', ' and b.role = any (a.approver_roles)')],
  }),
  consent({
    id: 'consent-of-any-place',
    rule: 'R49',
    killer: 'place',
    story: 'Whoever knows the id of a request decides it, from another tenant too.',
    edits: [
      inSql(
        'approval_decide',
        "where (a.tenant_id, a.workspace_id) = (b.tenant, b.workspace) and a.id = approval and a.state = 'waiting'",
        "where a.id = approval and a.state = 'waiting'",
      ),
    ],
  }),
  consent({
    id: 'consent-of-who-left',
    rule: 'R49',
    killer: 'changed',
    story: 'A consent stands, though who gave it was removed or made a viewer since.',
    edits: [inSql('effect_claim', ' and x.decided_version = wt.member_version(x.decided_by)')],
  }),
  consent({
    id: 'consent-of-any-run',
    rule: 'R50',
    killer: 'run',
    story: 'A consent that one run was given serves another.',
    edits: [inSql('effect_claim', ' and x.run_id = effect_claim.run\n             and x.tool_id', ' and x.tool_id')],
    maskedBy: [],
  }),
  consent({
    id: 'consent-to-any-arguments',
    rule: 'R50',
    killer: 'arguments',
    story: 'The digest of the arguments is not compared.',
    edits: [inSql('effect_claim', ' and x.digest = effect_claim.digest')],
    maskedBy: [],
  }),
  consent({
    id: 'digest-without-arguments',
    rule: 'R50',
    killer: 'arguments',
    story: 'The digest is over the name of the tool alone.',
    edits: [
      {
        file: 'services/effects/effect-key.ts',
        find: "['approval', toolId, input]",
        put: "['approval', toolId]",
      },
    ],
    maskedBy: [],
  }),
  consent({
    id: 'consent-used-twice',
    rule: 'R50',
    killer: 'once',
    story: 'A consent stays as it is when it is used.',
    edits: [
      inSql('effect_claim', "update wt.approval a set state = 'used'", "update wt.approval a set state = 'approved'"),
    ],
  }),
  consent({
    id: 'consent-without-end',
    rule: 'R50',
    killer: 'end',
    story: 'A consent is used after its end.',
    edits: [
      inSql('effect_claim', 'and x.expires_at > clock_timestamp() and x.decided_version', 'and x.decided_version'),
    ],
  }),
  consent({
    id: 'consent-too-late',
    rule: 'R50',
    killer: 'late',
    story: 'A request is consented to after its end.',
    edits: [inSql('approval_decide', ' and a.expires_at > clock_timestamp()')],
  }),
  consent({
    id: 'denial-as-consent',
    rule: 'R50',
    killer: 'denied',
    story: 'Whoever answers a request consents to it.',
    edits: [inSql('approval_decide', 'set state = verdict', "set state = 'approved'")],
    maskedBy: [],
  }),
  consent({
    id: 'denial-forgotten',
    rule: 'R50',
    killer: 'denied',
    story: 'What was denied is asked anew, until somebody gives in.',
    edits: [inSql('approval_request', "a.state in ('waiting', 'denied')", "a.state in ('waiting')")],
    maskedBy: [],
  }),
  consent({
    id: 'other-arguments-shown',
    rule: 'R50',
    killer: 'shown',
    story: 'Who decides is shown arguments that are not those of the digest.',
    edits: [
      {
        file: 'services/approvals/approvals.ts',
        find: 'digestOf(approval.toolId, approval.input) === digest',
        put: "typeof digest === 'string'",
      },
    ],
    maskedBy: [],
  }),
]
