import type { Json } from '../../encoding/index.ts'

/** A list or an object of a JSON value. */
export type JsonNode = readonly Json[] | { readonly [name: string]: Json }

/**
 * Lists every list and object of a JSON value: at any depth, and in text that is JSON itself, however often it was
 * written as text. A loop, not a recursion: text can nest deeper than a stack.
 */
export function* nodesIn(value: Json): Iterable<JsonNode> {
  const left: Json[] = [value]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const node = typeof next === 'string' ? readJsonText(next) : next
    if (typeof node === 'string') left.push(node)
    if (typeof node !== 'object' || node === null) continue
    yield node
    for (const member of Object.values(node)) left.push(member)
  }
}

// Nothing but JSON that can hold a name; each reading takes a layer of quotes away, so it ends.
function readJsonText(text: string): Json | undefined {
  if (!/^[\s\ufeff]*["[{]/.test(text)) return undefined
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON.parse reads is JSON
    return JSON.parse(text.replace(/^\ufeff/, '')) as Json
  } catch {
    return undefined
  }
}
