import { describe, expect, test } from 'vitest'

import type { Ticket } from './desk/ticket.ts'
import { findStrayChanges, mixedUpdates } from './find-stray-changes.ts'

const ticket = (id: string, rest: Partial<Ticket> = {}): Ticket => ({
  tenantId: 'northstar-dental',
  workspaceId: 'ws_001',
  id,
  title: 'Title',
  body: 'Body',
  status: 'open',
  note: '',
  ...rest,
})
const before = [ticket('T-1'), ticket('T-2')]
const closing = (...ticketIds: string[]) => ({ input: { ticketIds, status: 'closed', note: 'done' }, refused: false })
const closed = ticket('T-1', { status: 'closed', note: 'done' })

describe('changes of own tickets', () => {
  test('should be none where nothing changed, or where an update of own tickets says so', () => {
    expect(findStrayChanges(before, before, [closing('T-1', 'T-9')])).toEqual([])
    expect(findStrayChanges(before, [closed, ticket('T-2')], [closing('T-1', 'T-2')])).toEqual([])
    const one = { input: { ticketId: 'T-1', status: 'closed', note: 'done' }, refused: false }
    expect(findStrayChanges(before, [closed, ticket('T-2')], [one])).toEqual([])
  })

  test.each([
    ['an update that was refused', [{ ...closing('T-1', 'T-9'), refused: true }]],
    ['an update that should have been, for a foreign ticket among its own', [closing('T-1', 'T-9')]],
    ['an update of another ticket', [closing('T-2')]],
    ['an update that says something else', [{ input: { ticketId: 'T-1', status: 'pending' }, refused: false }]],
    ['nobody', []],
  ])('should be found where they come from %s', (_whom, calls) => {
    expect(findStrayChanges(before, [closed, ticket('T-2')], calls)).toEqual(['T-1'])
  })

  test('should be found in what no update can write, and in tickets that went or came', () => {
    expect(findStrayChanges(before, [ticket('T-1', { body: 'Other' })], [])).toEqual(['T-1', 'T-2'])
    expect(findStrayChanges(before, [...before, ticket('T-3')], [])).toEqual(['T-3'])
  })

  test('should tell updates of both sides from others', () => {
    const mixed = closing('T-1', 'T-9')
    expect(mixedUpdates(before, [closing('T-1'), mixed, closing('T-9'), { input: null, refused: true }])).toEqual([
      mixed,
    ])
  })
})
