/** A tool as a model sees it. */
export interface ModelTool {
  readonly name: string
  /** JSON Schema of its argument object; where absent the tool takes nothing */
  readonly inputSchema?: unknown
}

/** A call that a model asks for. */
export interface ModelCall {
  readonly tool: string
  readonly input: Readonly<Record<string, unknown>>
}

/** Everything that a model knows at one moment of a conversation. */
export interface ModelReading {
  /** what the conversation began with: instructions, context, messages */
  readonly prompts: readonly string[]
  /** what tools gave back */
  readonly results: readonly unknown[]
  readonly tools: readonly ModelTool[]
  /** fingerprints of the calls that were made so far */
  readonly made: readonly string[]
}

/** Whom the attacker knows of beforehand. */
export interface KnownOwner {
  readonly tenantId: string
  readonly workspaceId?: string
  readonly userId?: string
}

/** What the attacker knew before the conversation began. */
export interface ModelKnowledge {
  /** owners whose data the model is after: their ids are sent as scope, wherever an argument could take them */
  readonly owners: readonly KnownOwner[]
  /** any other id: of tickets, documents, files, memory keys */
  readonly ids: readonly string[]
}
