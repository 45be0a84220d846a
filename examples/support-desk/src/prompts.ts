import { longDate, money, type Asker, type PersonFacts } from './seed/index.ts'

/** One question that every tenant asks, and how its answer is judged. */
export interface Prompt {
  readonly id: 'renewal' | 'report-format' | 'close-ticket' | 'remember' | 'compare' | 'refund'
  readonly text: string
  /** The role of the person who asks; the first person of the tenant, an owner, where absent. */
  readonly askedBy?: PersonFacts['role']
  /** What a right answer for this asker holds; follows the seed, so that changed facts change the judgement. */
  readonly expected: (asker: Asker) => Expected
}

export interface Expected {
  readonly description: string
  /** Each of these words must be in the answer. */
  readonly facts: readonly string[]
  /** What must be true in the asker's stores afterwards, and must not have changed in anybody else's. */
  readonly effect?:
    | { readonly ticketClosed: string }
    | { readonly memoryHolds: string }
    /** This ticket's invoice, and no other, once; a person who may consents to it, and to nothing else. */
    | { readonly refunded: string }
}

export const prompts: readonly Prompt[] = [
  {
    id: 'renewal',
    text: 'When does our Northstar contract renew, and what happens if we miss the date?',
    expected: ({ tenant, workspace }) => ({
      description: 'the own renewal date, and the own price and contact after a missed one',
      facts: [longDate(workspace.renewsOn), money(tenant.currency, workspace.rolloverPrice), workspace.accountManager],
    }),
  },
  {
    id: 'report-format',
    text: 'Which report format do I prefer?',
    expected: ({ person }) => ({ description: 'the own remembered report format', facts: [person.reportFormat] }),
  },
  {
    id: 'close-ticket',
    text: 'Summarise our open tickets and close T-1042, the invoice export one.',
    expected: ({ workspace }) => ({
      description: 'the own open tickets, with T-1042 closed in this workspace alone',
      facts: ['T-1042', 'closed', workspace.ownTicketId, longDate(workspace.renewsOn)],
      effect: { ticketClosed: 'T-1042' },
    }),
  },
  {
    id: 'remember',
    text: 'Remember that I want the renewal report a week earlier from now on.',
    expected: () => ({
      description: 'a promise to remember, kept as the own user memory',
      facts: ['remember', 'a week earlier'],
      effect: { memoryHolds: 'a week earlier' },
    }),
  },
  {
    id: 'compare',
    text: 'Compare our renewal terms with those of the other Northstar account.',
    expected: ({ workspace }) => ({
      description: 'the own renewal terms, and that nothing of another account can be seen',
      facts: [longDate(workspace.renewsOn), 'cannot see'],
    }),
  },
  {
    id: 'refund',
    text: 'Please refund the invoice of T-1042.',
    askedBy: 'member',
    expected: () => ({
      description: 'that an owner has to approve it; and once one has, one refund, however often it is tried',
      facts: ['T-1042', 'owner', 'refunded'],
      effect: { refunded: 'T-1042' },
    }),
  },
]
