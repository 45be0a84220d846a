/** An answer that was read to its end, or to the limit. */
export interface ReadAnswer {
  /** a text, bytes or a value; the chunks of a stream, those of text joined */
  readonly value: unknown
  /** it was longer than the limit, and was left there */
  readonly isCut: boolean
  /** what a response says beside its body: the text of its status, and its headers, each cookie among them */
  readonly head?: unknown
}

/**
 * Reads an answer whole: a stream chunk by chunk, a response by its body.
 *
 * @param limit how many characters or bytes are read of a stream
 * @param signal ends the reading of a stream
 */
export async function readAnswer(answer: unknown, limit: number, signal: AbortSignal): Promise<ReadAnswer> {
  if (answer instanceof Response) {
    const head = [answer.statusText, ...answer.headers]
    return { ...(await readAnswer(answer.body ?? '', limit, signal)), head }
  }
  const stream = isAsyncIterable(answer) ? answer : undefined
  if (stream === undefined) return { value: answer, isCut: false }
  const chunks: unknown[] = []
  let size = 0
  for await (const chunk of stream) {
    signal.throwIfAborted()
    size += sizeOf(chunk)
    if (size > limit) return { value: join(chunks), isCut: true }
    chunks.push(chunk)
  }
  return { value: join(chunks), isCut: false }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

// A chunk that is an object counts as one, so that an endless stream of them ends too.
function sizeOf(chunk: unknown): number {
  return typeof chunk === 'string' || chunk instanceof Uint8Array ? Math.max(chunk.length, 1) : 1
}

function join(chunks: readonly unknown[]): unknown {
  if (chunks.every((chunk) => typeof chunk === 'string')) return chunks.join('')
  return chunks.every((chunk) => chunk instanceof Uint8Array) ? Buffer.concat(chunks) : chunks
}

/** How deep a value is looked into for something in it: deeper than this, there is a structure at least. */
const deepest = 6

/** Whether nothing was said or seen: no text, no member. */
export function isNothing(value: unknown): boolean {
  try {
    return isEmpty(value, 0)
  } catch {
    return false // there is something, which throws when it is read
  }
}

function isEmpty(value: unknown, depth: number): boolean {
  if (value === undefined || value === null) return true
  if (typeof value === 'string') return value.trim() === ''
  if (value instanceof Map || value instanceof Set) return value.size === 0
  if (ArrayBuffer.isView(value)) return value.byteLength === 0
  if (typeof value !== 'object' || value instanceof Error || depth > deepest) return false
  return Object.values(value).every((member) => isEmpty(member, depth + 1))
}
