/** The tools of the stage: those that everybody may call, and the one that exists and nobody may. */
export const toolNames = {
  allowed: [
    'read_ticket',
    'read_tickets',
    'link_tickets',
    'list_tickets',
    'update_ticket',
    'recall',
    'look_up',
    'note',
    'connector',
    'shared_cache',
    'refund',
    'close_account',
    'broken',
  ],
  withheld: 'export_tenant',
} as const
