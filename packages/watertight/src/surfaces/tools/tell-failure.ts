import type { ToolFailure } from './tool-ports.ts'

/** Tells the app's own logger what a call ran into. It decides nothing: neither what it throws nor how long it takes changes the call. */
export function tellFailure(
  onFailure: ((failure: ToolFailure) => void | Promise<void>) | undefined,
  about: Pick<ToolFailure, 'boundary' | 'runId' | 'toolId'>,
  cause: unknown,
): void {
  if (onFailure === undefined) return
  const failure = Object.defineProperty({ ...about, error: describe(cause) }, 'cause', {
    value: cause,
    enumerable: false,
  })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the member was defined on the line above
  void (async () => await onFailure(failure as ToolFailure))().catch(() => undefined)
}

const plainName = /^[A-Za-z_$][\w$.-]{0,63}$/

// A name or a code that is no plain word may be somebody's text. The message is left out of the stack by where the frames
// begin: whatever stands in front of them is the message.
function describe(cause: unknown): ToolFailure['error'] {
  try {
    if (!(cause instanceof Error)) return { name: typeof cause, code: undefined, frames: [] }
    const code: unknown = Reflect.get(cause, 'code')
    return {
      name: plainName.test(cause.name) ? cause.name : 'Error',
      code: typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$|^[0-9A-Z]{5}$/.test(code) ? code : undefined,
      frames: framesOf(cause),
    }
  } catch {
    return { name: 'unreadable', code: undefined, frames: [] } // a getter or a Proxy that throws
  }
}

const frame =
  /^ {4}at (?:(?:async |new )?[\w$.<>[\] ]{1,120} \()?((?:file|node):[^()\s]+:\d+:\d+|\/[^()\s]+:\d+:\d+)\)?$/

// Places alone, and only those behind the message: a message may look like a frame.
function framesOf({ stack, message }: Error): readonly string[] {
  if (typeof stack !== 'string' || typeof message !== 'string') return []
  const at = message === '' ? 0 : stack.indexOf(message)
  const behind = at < 0 ? '' : stack.slice(at + message.length)
  return behind
    .split('\n')
    .flatMap((line) => frame.exec(line)?.[1] ?? [])
    .slice(0, 20)
}
