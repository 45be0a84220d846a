import type { OfflineModel } from './offline-model.ts'

type Options = Parameters<OfflineModel['doGenerate']>[0]
type Message = Options['prompt'][number]
type ResultPart = Extract<Extract<Message, { role: 'tool' }>['content'][number], { type: 'tool-result' }>

/** Everything that a model may know: one prompt, read. */
export interface Reading {
  /** The last paragraph of the last user message. */
  readonly question: string
  /** Every other paragraph of the system and user messages: instructions and context. */
  readonly context: readonly string[]
  readonly tools: readonly ToolReading[]
  /** Every tool call of the conversation, in order. */
  readonly calls: readonly CallReading[]
}

export interface ToolReading {
  readonly name: string
  /** Names of the arguments that take free text. */
  readonly texts: readonly string[]
  /** Names of the arguments that take a list of free texts. */
  readonly lists: readonly string[]
  /** Names of the arguments that take one of a few words, with the words. */
  readonly choices: Readonly<Record<string, readonly string[]>>
  readonly required: readonly string[]
}

export interface CallReading {
  readonly id: string
  readonly tool: string
  readonly input: unknown
  readonly result?: unknown
  /** The call came to nothing: refused, failed, or no such tool. */
  readonly refused: boolean
}

export function readPrompt({ prompt, tools = [] }: Options): Reading {
  const paragraphs = prompt.flatMap(textsOf).flatMap((text) => withoutNumbers(text).split(/\n\s*\n/))
  const question =
    prompt
      .filter(isUser)
      .flatMap(textsOf)
      .at(-1)
      ?.split(/\n\s*\n/)
      .at(-1)
      ?.trim() ?? ''
  return {
    question,
    context: paragraphs.map((each) => each.trim()).filter((each) => each !== '' && each !== question),
    tools: tools.flatMap((tool) => (tool.type === 'function' ? [readTool(tool.name, tool.inputSchema)] : [])),
    calls: readCalls(prompt),
  }
}

// The marks around the items of a prompt carry a number made for that prompt alone. It names nothing, and with it the same
// prompt would not give the same calls.
function withoutNumbers(text: string): string {
  return text.replaceAll(/(?<=<\/?item)-[0-9a-f]{24}\b/g, '')
}

function isUser(message: Message): boolean {
  return message.role === 'user'
}

function textsOf(message: Message): string[] {
  if (message.role === 'system') return [message.content]
  if (message.role !== 'user') return []
  return message.content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
}

function readTool(name: string, schema: unknown): ToolReading {
  const properties = Object.entries(record(record(schema)['properties']))
  const required = record(schema)['required']
  return {
    name,
    texts: properties.filter(([, type]) => choicesOf(type).length === 0 && takesText(type)).map(([key]) => key),
    lists: properties.filter(([, type]) => takesTexts(type)).map(([key]) => key),
    choices: Object.fromEntries(
      properties.map(([key, type]) => [key, choicesOf(type)]).filter(([, all]) => all?.length),
    ),
    required: Array.isArray(required) ? required.filter((key) => typeof key === 'string') : [],
  }
}

// A schema without a type takes anything, so also text.
function takesText(schema: unknown): boolean {
  const { type, anyOf, oneOf } = record(schema)
  const branches = [anyOf, oneOf].flatMap((each) => (Array.isArray(each) ? each : []))
  if (branches.length > 0) return branches.some(takesText)
  return type === undefined || type === 'string' || (Array.isArray(type) && type.includes('string'))
}

function takesTexts(schema: unknown): boolean {
  const { type, items } = record(schema)
  return type === 'array' && takesText(items)
}

function choicesOf(schema: unknown): string[] {
  const { enum: words } = record(schema)
  return Array.isArray(words) ? words.filter((word) => typeof word === 'string') : []
}

function readCalls(prompt: Options['prompt']): CallReading[] {
  const parts = prompt.flatMap((message): readonly { readonly type: string }[] =>
    message.role === 'assistant' || message.role === 'tool' ? message.content : [],
  )
  const results = new Map(parts.filter(isResult).map((part) => [part.toolCallId, part.output]))
  return parts.filter(isCall).map((part) => readCall(part, results.get(part.toolCallId)))
}

function readCall(
  part: { readonly toolCallId: string; readonly toolName: string; readonly input: unknown },
  output?: ResultPart['output'],
): CallReading {
  const call = { id: part.toolCallId, tool: part.toolName, input: part.input }
  if (!output) return { ...call, refused: true }
  if (output.type === 'execution-denied') return { ...call, refused: true, result: output.reason }
  return { ...call, refused: output.type.startsWith('error') || saysRefused(output.value), result: output.value }
}

// A tool may also say no in words of its own: `{ "error": … }` or `{ "refused": … }`.
function saysRefused(value: unknown): boolean {
  return Boolean(record(value)['error'] ?? record(value)['refused'])
}

function isResult(part: { readonly type: string }): part is ResultPart {
  return part.type === 'tool-result'
}

function isCall(part: {
  readonly type: string
}): part is { type: 'tool-call'; toolCallId: string; toolName: string; input: unknown } {
  return part.type === 'tool-call'
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
