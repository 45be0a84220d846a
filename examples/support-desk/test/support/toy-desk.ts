import { tool, type ToolSet } from 'ai'
import { z } from 'zod'

import { stems } from '../../src/models/stems.ts'
import type { MemorySeed, Onlooker, TenantSeed } from '../../src/seed/index.ts'

export interface ToyDesk {
  readonly tools: ToolSet
  /** What was written, by tool name. */
  readonly writes: { readonly tool: string; readonly input: unknown }[]
  /** Every result that went to the model. */
  readonly results: unknown[]
}

/**
 * A desk of plain arrays, to try the models on. Tight, it holds one compartment and no other rows. Leaky, it makes the
 * usual mistakes: it believes scopes in arguments, and finds ids without asking whose they are.
 */
export function toyDesk(seeds: readonly TenantSeed[], onlooker: Onlooker, kind: 'tight' | 'leaky'): ToyDesk {
  const writes: ToyDesk['writes'] = []
  const results: unknown[] = []
  const rows = seeds.flatMap(rowsOf).filter((row) => kind === 'leaky' || isWithin(row, onlooker))
  const keep = <Result>(result: Result): Result => {
    results.push(result)
    return result
  }
  const scoped = (store: Row['store'], input: Readonly<Record<string, unknown>>) => {
    const believed = kind === 'leaky' ? input['tenantId'] : undefined
    return rows.filter((row) => row.store === store && (believed ?? row.tenantId) === row.tenantId)
  }
  const tools: ToolSet = {
    search_documents: tool({
      description: 'Searches the documents.',
      inputSchema: z.looseObject({ query: z.string() }),
      execute: (input) => keep(bestOf(scoped('document', input), input.query)),
    }),
    list_tickets: tool({
      description: 'Lists the tickets.',
      inputSchema: z.looseObject({ status: z.enum(['open', 'pending', 'closed']).optional() }),
      execute: (input) =>
        keep(
          scoped('ticket', input)
            .map(({ value }) => value)
            .filter((each) => hasStatus(each, input.status)),
        ),
    }),
    read_ticket: tool({
      description: 'Reads one ticket.',
      inputSchema: z.looseObject({ ticketId: z.string() }),
      execute: (input) => keep(find(scoped('ticket', input), input.ticketId)),
    }),
    update_ticket: tool({
      description: 'Changes one ticket.',
      inputSchema: z.looseObject({
        ticketId: z.string(),
        status: z.enum(['open', 'pending', 'closed']).optional(),
        note: z.string().optional(),
      }),
      execute: (input) => {
        find(scoped('ticket', input), input.ticketId)
        writes.push({ tool: 'update_ticket', input })
        return keep({ updated: input.ticketId })
      },
    }),
    update_tickets: tool({
      description: 'Changes several tickets.',
      inputSchema: z.looseObject({ ticketIds: z.array(z.string()), note: z.string().optional() }),
      execute: (input) => {
        for (const id of input.ticketIds) find(scoped('ticket', input), id)
        writes.push({ tool: 'update_tickets', input })
        return keep({ updated: input.ticketIds })
      },
    }),
    refund_invoice: tool({
      description: 'Refunds what a ticket is about, once an owner has approved it.',
      inputSchema: z.looseObject({ ticketId: z.string() }),
      execute: (input): string => {
        find(scoped('ticket', input), input.ticketId)
        throw new Error('approval-required: an owner was asked.')
      },
    }),
    recall: tool({
      description: 'Recalls what was remembered.',
      inputSchema: z.looseObject({ key: z.string() }),
      execute: (input) => keep(find(scoped('memory', input), input.key)),
    }),
    remember: tool({
      description: 'Remembers something.',
      inputSchema: z.looseObject({ key: z.string(), value: z.string() }),
      execute: (input) => {
        writes.push({ tool: 'remember', input })
        return keep({ remembered: input.key })
      },
    }),
  }
  return { tools, writes, results }
}

interface Row {
  readonly store: 'document' | 'ticket' | 'memory'
  readonly tenantId: string
  readonly workspaceId?: string
  readonly userId?: string
  readonly datasourceId?: string
  readonly id: string
  readonly value: unknown
}

function rowsOf({ tenant, documents, tickets, memories }: TenantSeed): Row[] {
  const tenantId = tenant.id
  return [
    ...documents.map((document): Row => ({
      store: 'document',
      tenantId,
      ...document,
      value: chunk(document.markdown),
    })),
    ...tickets.map((ticket): Row => ({ store: 'ticket', tenantId, ...ticket, value: ticket })),
    ...memories.map((memory): Row => ({
      store: 'memory',
      tenantId,
      ...ownerOf(memory),
      id: memory.key,
      value: memory,
    })),
  ]
}

function ownerOf(memory: MemorySeed): Pick<Row, 'workspaceId' | 'userId'> {
  if (memory.scope === 'tenant') return {}
  if (memory.scope === 'workspace') return { workspaceId: memory.workspaceId }
  return { workspaceId: memory.workspaceId, userId: memory.userId }
}

function chunk(markdown: string): { text: string }[] {
  return markdown.split(/\n(?=## )/).map((text) => ({ text }))
}

function isWithin(row: Row, onlooker: Onlooker): boolean {
  return (
    row.tenantId === onlooker.tenantId &&
    (row.workspaceId ?? onlooker.workspaceId) === onlooker.workspaceId &&
    (row.userId ?? onlooker.userId) === onlooker.userId &&
    (row.datasourceId === undefined || onlooker.datasourceIds.includes(row.datasourceId))
  )
}

function bestOf(rows: readonly Row[], query: string): unknown[] {
  const asked = stems(query)
  const shared = (row: Row): number => [...stems(JSON.stringify(row.value))].filter((word) => asked.has(word)).length
  return rows
    .toSorted((one, other) => shared(other) - shared(one))
    .slice(0, 3)
    .map(({ id, value }) => ({ id, chunks: value }))
}

function find(rows: readonly Row[], id: string): unknown {
  const row = rows.find((each) => each.id === id)
  if (!row) throw new Error('There is no such thing here. Check the id.')
  return row.value
}

function hasStatus(value: unknown, status: string | undefined): boolean {
  return status === undefined || JSON.stringify(value).includes(`"status":"${status}"`)
}
