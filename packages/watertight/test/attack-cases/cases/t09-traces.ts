import { pairs } from '../attack-case.ts'
import type { AttackCase, Call } from '../attack-case.ts'

/** What the other does, with a secret in each word of it. */
const doings: readonly (readonly [id: string, calls: readonly Call[]])[] = [
  ['failed-tool', [{ do: 'callTool', by: 'twin', with: ['broken', { number: 9 }], refused: 'TOOL_FAILED' }]],
  [
    'unknown-tool',
    [{ do: 'callTool', by: 'twin', with: ['$secret.value', { text: '$secret.value' }], refused: 'NOT_FOUND' }],
  ],
  [
    'odd-input',
    [{ do: 'callTool', by: 'twin', with: ['read_ticket', { ticketId: ['$secret.value'] }], refused: 'INVALID_INPUT' }],
  ],
  [
    'missing-id',
    [{ do: 'callTool', by: 'twin', with: ['read_ticket', { ticketId: '$secret.value' }], refused: 'NOT_FOUND' }],
  ],
  ['question', [{ do: 'search', by: 'twin', with: ['Who knows $secret.value?'] }]],
  [
    'foreign-place',
    [
      {
        do: 'openBoundary',
        with: [{ tenantId: '$secret.value', userId: '$secret.value|base64' }, { workspaceId: '$secret.value|hex' }],
        refused: 'NOT_FOUND',
      },
    ],
  ],
]

/** Where the attacker reads what is left of it. */
const reading: Readonly<Record<string, readonly Call[]>> = {
  explain: [
    { do: 'callTool', with: ['list_tickets', {}] },
    { do: 'run.id', keep: 'ownRun' },
    { do: 'explain', with: ['$kept.ownRun'] },
  ],
  export: [{ do: 'export' }],
}

export const traceCases: readonly AttackCase[] = pairs.flatMap((against) =>
  doings.flatMap(([id, setup]) =>
    Object.entries(reading).map(([where, steps]): AttackCase => ({
      id: `T9-${id}-${where}-${against}`,
      class: 'T9',
      against,
      story: `The other’s ${id} leaves traces, and a caller reads the ${where}, the errors and the log of refusals.`,
      setup,
      steps,
      expect: 'nothing of the twin',
      source: 'incident 24; OWASP LLM02',
    })),
  ),
)
