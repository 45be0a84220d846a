import type { AgentBoundary } from '../boundary/index.ts'
import { sessionOf, withClient } from './checkout.ts'
import type { Engine, Row } from './client.ts'
import { toStoreRefusal } from './refusal.ts'
import type { TokenMint } from './token.ts'

/** A function of the schema `wt` that takes a token first. Only names of ours, never from input. */
export type TokenFunction = `${'approval' | 'audit' | 'effect' | 'memory' | 'retrieval' | 'run' | 'require'}_${string}`

/**
 * Calls one function of the database inside a boundary: token, check and statement in a single round trip. The function
 * runs with the caller's rights, so row security applies to what it reads.
 *
 * @param values the arguments after the token, in order
 */
export async function callFunction(
  engine: Engine,
  mint: TokenMint,
  boundary: AgentBoundary,
  name: TokenFunction,
  values: readonly unknown[],
): Promise<Row[]> {
  try {
    return await withClient(engine, async (client) => {
      const token = mint.boundary(boundary, (await sessionOf(engine, client)).pid)
      const { rows } = await client.query(functionQuery(engine, name, [token, ...values]))
      return rows
    })
  } catch (error) {
    throw toStoreRefusal(error, boundary)
  }
}

/** The statement that calls a function; named where the connection keeps its statements. */
export function functionQuery(engine: Engine, name: string, values: unknown[]) {
  const text = callText(name, values.length)
  return engine.steady ? { name: `wt_${name}`, text, values } : { text, values }
}

// The same few statements all day: their texts are put together once.
const callTexts = new Map<string, string>()

function callText(name: string, count: number): string {
  const key = `${name}/${count}`
  const known = callTexts.get(key)
  if (known !== undefined) return known
  const text = `select * from wt.${name}(${Array.from({ length: count }, (_, at) => `$${at + 1}`).join(', ')})`
  callTexts.set(key, text)
  return text
}
