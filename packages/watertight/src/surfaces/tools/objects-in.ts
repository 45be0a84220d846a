import { nodesInText } from '../../encoding/index.ts'
import type { Json, JsonNode } from '../../encoding/index.ts'

/** Where text is looked into for JSON: wherever it holds some, or only where it starts as JSON and is no prose. */
export type TextReading = 'any-text' | 'json-text'

/**
 * Lists every list and object of a JSON value: at any depth, and in text that is or holds JSON itself, however often it
 * was written as text, with each member of a name that is written twice. A loop, not a recursion: text can nest deeper
 * than a stack.
 */
export function* nodesIn(value: Json, reading: TextReading): Iterable<JsonNode> {
  const left: Json[] = [value]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next === 'string') {
      if (starts[reading].test(next)) yield* nodesInside(next, left)
    } else if (typeof next === 'object' && next !== null) {
      const node: JsonNode = isList(next) ? { items: next } : { members: Object.entries(next) }
      yield node
      for (const part of Object.values(next)) left.push(part)
    }
  }
}

// Most text holds no JSON, which is told at once. Text that is all in quotes may have anything in escapes.
const starts: Readonly<Record<TextReading, RegExp>> = {
  'any-text': /^[\s\ufeff]*"|[{[]\s*\\*["[{]/,
  'json-text': /^[\s\ufeff]*["[{]/,
}

// Each reading takes a layer of quotes away, so it ends. What is no text in a node of text is a node of its own there.
function* nodesInside(text: string, left: Json[]): Iterable<JsonNode> {
  const quoted = readQuoted(text)
  if (quoted !== undefined) {
    left.push(quoted)
    return
  }
  const nodes = nodesInText(text)
  let step = nodes.next()
  for (; step.done !== true; step = nodes.next()) {
    yield step.value
    for (const part of partsOf(step.value)) if (typeof part === 'string') left.push(part)
  }
  // JSON that was written as text, among other words.
  if (/[{[]\s*\\+"/.test(step.value)) left.push(step.value.replaceAll(/\\(["\\])/g, '$1'))
}

function readQuoted(text: string): string | undefined {
  if (!/^[\s\ufeff]*"/.test(text)) return undefined
  try {
    const read: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
    return typeof read === 'string' ? read : undefined
  } catch {
    return undefined
  }
}

function partsOf(node: JsonNode): readonly Json[] {
  return 'items' in node ? node.items : node.members.map(([, member]) => member)
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
