import type { AttackCase, Call, Expected, Pair, Step } from '../attack-case.ts'
import { toolNames } from '../tool-names.ts'

const mine = { ticketId: '$me.sharedTicketId', amount: 10, note: 'case $case.id' }
const theirs = { ...mine, ticketId: '$twin.sharedTicketId', note: 'reference $secret.value' }

/** Calls that a person must consent to: one that runs, one that changes in a transaction. */
const tools = ['pay_out', 'write_off'] as const
type PayingTool = (typeof tools)[number]

const call = (
  tool: PayingTool,
  more: Partial<Call> & { readonly input?: object; readonly step?: string } = {},
): Call => {
  const { input = mine, step, ...rest } = more
  return { do: 'callTool', with: step === undefined ? [tool, input] : [tool, input, { step }], ...rest }
}
const ask = (tool: PayingTool, more: Parameters<typeof call>[1] = {}): Call =>
  call(tool, { keep: 'asked', refused: 'FORBIDDEN', ...more })
const approve: Call = { do: 'approve', on: '$kept.approverDesk', with: ['$kept.asked.approvalId'] }

const approverOf = (whose: 'me' | 'twin') => ({
  tenantId: `$${whose}.tenantId`,
  workspaceId: `$${whose}.workspaceId`,
  userId: 'approver of $case.id',
})

/** Somebody of this case alone, who enters and may consent to what `role` may. */
const approver = (role = 'owner', whose: 'me' | 'twin' = 'me'): readonly Call[] => {
  const { tenantId, workspaceId, userId } = approverOf(whose)
  return [
    { do: 'putMember', with: [memberOf(role, whose)] },
    { do: 'openBoundary', with: [{ tenantId, userId }, { workspaceId }], keep: 'approverBoundary' },
    { do: 'within', with: ['$kept.approverBoundary'], keep: 'approverDesk' },
  ]
}

function memberOf(role: string, whose: 'me' | 'twin' = 'me') {
  return { ...approverOf(whose), role, allowedToolIds: toolNames.allowed, allowedDatasourceIds: [] }
}

interface Variant extends Partial<Pick<AttackCase, 'role' | 'setup'>> {
  readonly story: string
  readonly against?: Pair
  readonly steps: readonly Step[]
  readonly expect?: Expected
}

const used = (tool: PayingTool) => [...approver(), ask(tool), approve, call(tool)]
const approved = (tool: PayingTool) => [...approver(), ask(tool), approve]
const secondRun: Call = { do: 'startRun', with: [{ agent: 'desk', promptVersion: '1' }], keep: 'secondRun' }

const replayed = (tool: PayingTool): Readonly<Record<string, Variant>> => ({
  'replayed-step': {
    story: 'An approval that was used is used again for another step.',
    setup: used(tool),
    steps: [call(tool, { step: 'again' })],
  },
  'replayed-key-order': {
    story: 'An approval that was used is used again with the members in another order.',
    setup: used(tool),
    steps: [call(tool, { input: { note: mine.note, amount: 10, ticketId: mine.ticketId }, step: 'again' })],
  },
  'replayed-run': {
    story: 'An approval that was used is used again in another run of the same person.',
    setup: [...used(tool), secondRun],
    steps: [call(tool, { on: '$kept.secondRun' })],
  },
  'replayed-answer': {
    story: 'A used approval is approved anew by who gave it, and used again.',
    setup: used(tool),
    steps: [{ ...approve, refused: 'NOT_FOUND' }, call(tool, { step: 'again' })],
  },
  'replayed-together': {
    story: 'Two calls use one approval at the same time, after a third has used it.',
    setup: used(tool),
    steps: [{ do: 'together', each: [call(tool, { step: '1' }), call(tool, { step: '2' })] }],
  },
  'other-run': {
    story: 'An approval of one run is used in another run of the same person.',
    setup: [...approved(tool), secondRun],
    steps: [call(tool, { on: '$kept.secondRun' })],
  },
  'other-run-ended': {
    story: 'An approval is used in another run, once the run that it was given for has ended.',
    setup: [
      secondRun,
      ...approver(),
      ask(tool, { on: '$kept.secondRun' }),
      approve,
      { do: 'run.end', on: '$kept.secondRun' },
    ],
    steps: [call(tool)],
  },
  'other-tool': {
    story: 'An approval of one tool is used for another one with the same arguments.',
    setup: approved(tool),
    steps: [
      call(tool === 'pay_out' ? 'write_off' : 'pay_out', { refused: 'FORBIDDEN' }),
      call(tool, { input: { ...mine, amount: 11 } }),
    ],
  },
})

const changes: Readonly<Record<string, object>> = {
  amount: { ...mine, amount: 100 },
  'amount-as-text': { ...mine, amount: '10' },
  'amount-nearly': { ...mine, amount: 10.000001 },
  character: { ...mine, note: 'case $case.id.' },
  blank: { ...mine, note: ' case $case.id' },
  'added-member': { ...mine, note: 'case $case.id', amount: 10, ticketId: '$me.ticketId' },
  'left-out': { ticketId: mine.ticketId, amount: 10 },
  'unicode-form': { ...mine, note: 'case $case.id\u200b' },
}

const changed = (tool: PayingTool): Readonly<Record<string, Variant>> =>
  Object.fromEntries(
    Object.entries(changes).map(([id, input]): [string, Variant] => [
      `changed-arguments-${id}`,
      {
        story: `The arguments change after the approval (${id}).`,
        setup: approved(tool),
        steps: [call(tool, { input })],
      },
    ]),
  )

const decide = (verdict: 'approve' | 'deny', more: Partial<Call> = {}): Call => ({
  do: verdict,
  with: ['$kept.asked.approvalId'],
  refused: 'NOT_FOUND',
  ...more,
})

const approvers = (tool: PayingTool): Readonly<Record<string, Variant>> => ({
  'own-approval': {
    story: 'Who asked says yes to it in their own name.',
    role: 'owner',
    setup: [ask(tool)],
    steps: [decide('approve', { refused: 'FORBIDDEN' }), call(tool)],
  },
  'own-approval-narrowed': {
    story: 'Who asked says yes through a second boundary of their own.',
    role: 'owner',
    setup: [
      { do: 'narrow', with: ['$kept.boundary', { role: 'admin' }], keep: 'second' },
      { do: 'within', with: ['$kept.second'], keep: 'secondDesk' },
      ask(tool),
    ],
    steps: [decide('approve', { on: '$kept.secondDesk', refused: 'FORBIDDEN' }), call(tool)],
  },
  'own-approval-as-owner': {
    story: 'Who asked as a member enters again as the owner that they are, and says yes.',
    setup: [
      {
        do: 'openBoundary',
        with: [{ tenantId: '$me.tenantId', userId: '$me.userId' }, { workspaceId: '$me.workspaceId' }],
        keep: 'second',
      },
      { do: 'within', with: ['$kept.second'], keep: 'secondDesk' },
      ask(tool),
    ],
    steps: [decide('approve', { on: '$kept.secondDesk', refused: 'FORBIDDEN' }), call(tool)],
  },
  ...Object.fromEntries(
    (['member', 'viewer'] as const).map((role): [string, Variant] => [
      `lower-role-${role}`,
      {
        story: `A ${role} of the workspace says yes.`,
        setup: [...approver(role), ask(tool)],
        steps: [decide('approve', { on: '$kept.approverDesk' }), call(tool)],
      },
    ]),
  ),
  'narrowed-approver': {
    story: 'The boundary of an owner was narrowed to a member’s, and says yes.',
    setup: [
      ...approver(),
      { do: 'narrow', with: ['$kept.approverBoundary', { role: 'member' }], keep: 'narrowed' },
      { do: 'within', with: ['$kept.narrowed'], keep: 'narrowedDesk' },
      ask(tool),
    ],
    steps: [decide('approve', { on: '$kept.narrowedDesk' }), call(tool)],
  },
  'removed-approver': {
    story: 'Who said yes is removed before the call.',
    setup: [...approved(tool), { do: 'removeMember', with: [approverOf('me')] }],
    steps: [call(tool)],
  },
  'demoted-approver': {
    story: 'Who said yes is a viewer when the call comes.',
    setup: [...approved(tool), { do: 'putMember', with: [memberOf('viewer')] }],
    steps: [call(tool)],
  },
  'revoked-approver': {
    story: 'Every session of who said yes was ended before the call.',
    setup: [...approved(tool), { do: 'raiseVersion', with: [approverOf('me')] }],
    steps: [call(tool)],
  },
  'demoted-then-restored': {
    story: 'Who said yes was a viewer in between, and is an owner again.',
    setup: [
      ...approved(tool),
      { do: 'putMember', with: [memberOf('viewer')] },
      { do: 'putMember', with: [memberOf('owner')] },
    ],
    steps: [call(tool)],
  },
  'late-approver': {
    story: 'Who was removed says yes through a desk that they still hold.',
    setup: [...approver(), ask(tool), { do: 'removeMember', with: [approverOf('me')] }],
    steps: [decide('approve', { on: '$kept.approverDesk', refused: 'BOUNDARY_REFUSED' }), call(tool)],
  },
})

const overdue = (tool: PayingTool): Readonly<Record<string, Variant>> => ({
  expired: {
    story: 'An approval comes to be used after its end.',
    setup: [...approved(tool), { do: 'letApprovalsExpire' }],
    steps: [call(tool)],
  },
  'expired-request': {
    story: 'Somebody says yes to a request after its end.',
    setup: [...approver(), ask(tool), { do: 'letApprovalsExpire' }],
    steps: [decide('approve', { on: '$kept.approverDesk' }), call(tool)],
  },
  denied: {
    story: 'A call that a person said no to is made again.',
    setup: [...approver(), ask(tool), { ...approve, do: 'deny' }],
    steps: [call(tool)],
  },
  'denied-step': {
    story: 'A call that a person said no to is made again as another step.',
    setup: [...approver(), ask(tool), { ...approve, do: 'deny' }],
    steps: [call(tool, { step: 'again' })],
  },
  'denied-then-approved': {
    story: 'A person said no, and yes afterwards.',
    setup: [...approver(), ask(tool), { ...approve, do: 'deny' }],
    steps: [decide('approve', { on: '$kept.approverDesk' }), call(tool)],
  },
})

const foreign = (tool: PayingTool): Readonly<Record<string, Variant>> =>
  Object.fromEntries(
    (['tenant', 'workspace'] as const).flatMap((against): readonly (readonly [string, Variant])[] => [
      [
        `foreign-approver-${against}`,
        {
          story: `Somebody of another ${against} says yes.`,
          against,
          setup: [ask(tool)],
          steps: [decide('approve', { by: 'twin' }), call(tool)],
        },
      ],
      [
        `foreign-namesake-${against}`,
        {
          story: `Somebody of another ${against} says yes, who is called as an approver of this one.`,
          against,
          setup: [...approver(), ...approver('owner', 'twin'), ask(tool)],
          steps: [decide('approve', { on: '$kept.approverDesk' }), call(tool)],
        },
      ],
    ]),
  )

const pairs = ['tenant', 'workspace', 'user'] as const
const theirAsk = (tool: PayingTool): Call => ask(tool, { by: 'twin', input: theirs })

/** What the other one asked for, from the attacker's desk. A colleague's is an owner's to decide, so that one is a member. */
const ofTheTwin = (tool: PayingTool): Readonly<Record<string, Variant>> =>
  Object.fromEntries(
    pairs.flatMap((against): readonly (readonly [string, Variant])[] => {
      const role = against === 'user' ? 'member' : 'owner'
      const shared = { against, role } as const
      return [
        [
          `used-of-the-twin-${against}`,
          {
            ...shared,
            story: 'An approval that was given to the other one is used for the same call.',
            setup: [...approver('owner', 'twin'), ask(tool, { by: 'twin' }), approve],
            steps: [call(tool)],
          },
        ],
        [
          `used-by-the-twin-${against}`,
          {
            ...shared,
            story: 'The other one uses an approval in their run that was given for this one.',
            setup: [...approver(), ask(tool, { by: 'twin' }), ask(tool), approve],
            steps: [call(tool, { by: 'twin' })],
          },
        ],
        ...(['approve', 'deny'] as const).map((verdict): readonly [string, Variant] => [
          `${verdict}-of-the-twin-${against}`,
          {
            ...shared,
            story: `The other one’s request is decided by its id: ${verdict}.`,
            setup: [theirAsk(tool)],
            steps: [decide(verdict)],
            expect: 'NOT_FOUND',
          },
        ]),
        [
          `list-of-the-twin-${against}`,
          {
            ...shared,
            story: 'The other one’s request is listed, with its arguments.',
            setup: [theirAsk(tool)],
            steps: [{ do: 'listApprovals' }],
            expect: 'nothing of the twin',
          },
        ],
        [
          `oracle-${against}`,
          {
            ...shared,
            story: 'An id that the other one has is told from one that nobody has.',
            setup: [theirAsk(tool)],
            steps: [
              {
                do: 'compare',
                each: ['$kept.asked.approvalId', '6f0c7f0e-6f52-4c0e-9a3c-0d6a0a5b7c11'].map((id) => ({
                  do: 'approve' as const,
                  with: [id],
                })),
              },
            ],
            expect: 'nothing of the twin',
          },
        ],
      ]
    }),
  )

const guesses = ['%', '*', "' or '1'='1"].flatMap((guess, at) =>
  (['approve', 'deny'] as const).map((verdict): AttackCase => ({
    id: `T6-approvals-guessed-${at}-${verdict}`,
    class: 'T6',
    against: 'tenant',
    role: 'owner',
    story: `A request is decided by ${JSON.stringify(guess)} in place of an id: ${verdict}.`,
    setup: [theirAsk('pay_out')],
    steps: [{ do: verdict, with: [guess] }],
    expect: 'NOT_FOUND',
    source: 'incident 2; OWASP ASI09',
  })),
)

const asked = (['tenant', 'workspace'] as const).map((against): AttackCase => ({
  id: `T6-approvals-asked-${against}`,
  class: 'T6',
  against,
  story: 'A person is asked about a ticket of the other’s, and about one that nobody has.',
  steps: [
    {
      do: 'compare',
      each: ['$twin.ticketId', 'T-none'].map((ticketId) => ({
        do: 'requestApproval' as const,
        with: ['pay_out', { ...mine, ticketId }],
      })),
    },
  ],
  expect: 'nothing of the twin',
  source: 'incident 28; OWASP API1:2023',
}))

export const approvalCases: readonly AttackCase[] = [
  ...tools.flatMap((tool) =>
    [replayed, changed, approvers, overdue, foreign, ofTheTwin].flatMap((make) =>
      Object.entries(make(tool)).map(([id, { against = 'user', expect = 'FORBIDDEN', ...variant }]): AttackCase => ({
        id: `T6-approvals-${id}-${tool.replace('_', '-')}`,
        class: 'T6',
        against,
        expect,
        source: 'incident 28; OWASP ASI09',
        ...variant,
      })),
    ),
  ),
  ...guesses,
  ...asked,
]
