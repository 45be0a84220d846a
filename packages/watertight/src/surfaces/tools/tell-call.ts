import type { Call, ToolCallEnd, ToolPorts } from './tool-ports.ts'

/** Tells the app's own log how a call ended. It decides nothing: neither what it throws nor how long it takes changes the call. */
export function tellCall(
  { onCall, scope }: ToolPorts,
  { boundary, tool, input }: Call,
  started: number,
  { refused, result }: Pick<ToolCallEnd, 'refused' | 'result'>,
): void {
  if (onCall === undefined) return
  const tell = async () =>
    await onCall({
      boundary,
      runId: scope.run.id,
      toolId: tool.name,
      milliseconds: Math.round(performance.now() - started),
      refused,
      input: tool.redact(input),
      result: result === undefined ? undefined : tool.redact(result),
    })
  void tell().catch(() => undefined)
}
