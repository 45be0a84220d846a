import { styleText } from 'node:util'

import { Refusal } from '../index.ts'

/** Prints one line for people; colours only where the stream has them. */
export function say(mark: 'done' | 'wrong' | 'note', text: string): void {
  const marks = { done: styleText('green', '✓'), wrong: styleText('red', '✗'), note: styleText('dim', '·') }
  const stream = mark === 'wrong' ? process.stderr : process.stdout
  stream.write(`${marks[mark]} ${text}\n`)
}

/** Prints one JSON object as the last line, for programs. */
export function sayJson(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

/**
 * Ends the command with what went wrong: 1 for a refusal, 2 for anything else.
 *
 * @param json whether the last line shall be one JSON object, as it is where all went well
 */
export function reportError(error: unknown, json: boolean): void {
  const message = error instanceof Error ? error.message : String(error)
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : ''
  say('wrong', message.includes(cause) ? message : `${message} (${cause})`)
  if (json) sayJson({ error: { ...(error instanceof Refusal ? { code: error.code } : {}), message } })
  process.exitCode = error instanceof Refusal ? 1 : 2
}
