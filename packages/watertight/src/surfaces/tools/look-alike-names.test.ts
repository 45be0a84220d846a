import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { findLookAlike } from './look-alike-names.ts'

describe('findLookAlike', () => {
  test.each([
    ['read_ticket', 'readTicket'],
    ['read_ticket', 'read-ticket'],
    ['read-ticket', 'readTicket'],
    ['read_ticket', 'READ_TICKET'],
    ['read_ticket', 'readticket'],
    ['read_ticket', 'read__ticket'],
    ['read_ticket', 'read_ticket_'],
    ['read_ticket', 'read_t1cket'],
    ['list_all', 'Iist_all'],
    ['list_all', '1ist_aII'],
    ['open_order', '0pen_0rder'],
    ['send_mail', '5end_mail'],
    ['for_name', 'fomame'],
    ['forName', 'for_name'],
    ['modern_view', 'modem_view'],
    ['web_search', 'vveb_search'],
    ['zone', '2one'],
    ['ban_user', '8an_user'],
    ['read_ticket', 'read_ticket'],
  ])('should find %s and %s, one of which is called where the other was meant', (one, other) => {
    expect(findLookAlike([one, other])).toEqual([one, other])
    expect(findLookAlike(['other', other, 'another', one, 'third'])).toEqual([other, one])
  })

  test.each([
    ['read_ticket', 'read_tickets'],
    ['read_ticket', 'reads_ticket'],
    ['read_ticket', 'read_order'],
    ['read_v1', 'read_v2'],
    ['read_v6', 'read_v9'],
    ['close_ticket', 'ticket_close'],
    ['ban', 'van'],
    ['run', 'nm'],
  ])('should let %s and %s be', (one, other) => {
    expect(findLookAlike([one, other])).toBeUndefined()
  })

  test('should find none where there is one name or none', () => {
    expect(findLookAlike([])).toBeUndefined()
    expect(findLookAlike(['read_ticket'])).toBeUndefined()
  })

  test('should find a name in any case, with separators anywhere', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,12}$/)
    const disguise = (plain: string) =>
      fc.array(fc.tuple(fc.constantFrom('', '_', '-'), fc.boolean()), { minLength: 13, maxLength: 13 }).map((choices) =>
        Array.from(plain, (letter, at) => {
          const [separator, upper] = choices[at] ?? ['', false]
          return (at === 0 ? '' : separator) + (upper ? letter.toUpperCase() : letter)
        }).join(''),
      )
    fc.assert(
      fc.property(
        name.chain((plain) => fc.tuple(fc.constant(plain), disguise(plain))),
        ([plain, disguised]) => {
          expect(findLookAlike([plain, disguised])).toEqual([plain, disguised])
        },
      ),
    )
  })
})
