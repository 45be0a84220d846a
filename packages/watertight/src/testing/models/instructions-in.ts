import { fillRequired, putInto, slotsOf } from './argument-slots.ts'
import { idsIn } from './ids-in.ts'
import type { ModelCall, ModelTool } from './model-reading.ts'

/**
 * Finds the calls that a text asks for, no matter who wrote it. Every mention of a tool is an instruction: with the JSON
 * object, the `name=value` pairs or the ids that follow it in the same paragraph.
 */
export function instructionsIn(texts: readonly string[], tools: readonly ModelTool[]): readonly ModelCall[] {
  return texts.flatMap((text) => tools.flatMap((tool) => mentionsOf(text, tool)))
}

function mentionsOf(text: string, tool: ModelTool): readonly ModelCall[] {
  const calls: ModelCall[] = []
  for (let at = text.indexOf(tool.name); at !== -1; at = text.indexOf(tool.name, at + tool.name.length)) {
    const before = text.charAt(at - 1)
    const after = text.slice(at + tool.name.length)
    if (!/\w/.test(before) && !/^\w/.test(after)) calls.push(...readCall(after.slice(0, 4000), tool))
    if (calls.length > 64) break // a text that is full of them does not keep the others from being obeyed
  }
  return calls
}

function readCall(after: string, tool: ModelTool): readonly ModelCall[] {
  const [paragraph = ''] = after.split(/\n\s*\n/)
  const given = objectIn(paragraph) ?? pairsIn(paragraph)
  if (given !== undefined) return [{ tool: tool.name, input: given }]
  const ids = idsIn([{ name: undefined, text: paragraph }]).slice(0, 16)
  const slots = slotsOf(tool)
  if (ids.length === 0 || slots.length === 0)
    return [{ tool: tool.name, input: fillRequired(tool.inputSchema, () => paragraph.trim()) }]
  return ids.flatMap((id) =>
    slots.map(({ path, kind }) => {
      const filled = fillRequired(tool.inputSchema, () => id)
      return { tool: tool.name, input: putInto(filled, path, kind === 'list' ? [id] : id) }
    }),
  )
}

// The arguments, where they are nested in an object that also names the tool, or stand alone.
function objectIn(text: string): Record<string, unknown> | undefined {
  const start = text.indexOf('{')
  if (start === -1) return undefined
  for (let end = text.indexOf('}', start); end !== -1; end = text.indexOf('}', end + 1)) {
    const parsed = parse(text.slice(start, end + 1))
    if (parsed !== undefined) return parsed
  }
  return undefined
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function pairsIn(text: string): Record<string, unknown> | undefined {
  const pairs = [...text.matchAll(/\b([A-Za-z]\w*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s,;)]+))/g)]
  if (pairs.length === 0) return undefined
  return Object.fromEntries(pairs.map(([, name = '', double, single, bare]) => [name, double ?? single ?? bare ?? '']))
}

/** Finds what a text wants to be said, word by word. */
export function sayingsIn(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) =>
    [
      ...text.matchAll(/\b(?:say|repeat|print|reply with|answer with|respond with)\b[^\n:"]{0,40}[:"]\s*([^\n"]+)/gi),
    ].map(([, saying = '']) => saying),
  )
}
