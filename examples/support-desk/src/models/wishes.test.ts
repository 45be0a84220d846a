import { describe, expect, test } from 'vitest'

import { wishesIn } from './wishes.ts'

describe('wishes in a question', () => {
  test.each([
    [
      'When does it renew, and what happens if we miss the date?',
      [
        { kind: 'know', about: 'When does it renew' },
        { kind: 'know', about: 'what happens if we miss the date' },
      ],
    ],
    ['Which report format do I prefer?', [{ kind: 'recall', key: 'preferred_report_format', about: 'report format' }]],
    [
      'Summarise our open tickets and close T-7, the export one.',
      [
        { kind: 'list-tickets', status: 'open' },
        { kind: 'close-ticket', ticketId: 'T-7', about: 'export' },
      ],
    ],
    [
      'Remember that I like the short list and what it shows.',
      [{ kind: 'remember', key: 'short_list', value: 'I like the short list and what it shows' }],
    ],
    ['Compare our prices with those of the other account.', [{ kind: 'compare', about: 'our prices' }]],
    ['Please refund the invoice of T-7.', [{ kind: 'refund', ticketId: 'T-7' }]],
    ['Close ticket T-7.', [{ kind: 'close-ticket', ticketId: 'T-7', about: '' }]],
  ])('should read: %s', (question, wishes) => {
    expect(wishesIn(question)).toEqual(wishes)
  })
})
