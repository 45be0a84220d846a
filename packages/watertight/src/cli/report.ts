import { styleText } from 'node:util'

import type { CommanderError } from 'commander'

import { Refusal } from '../index.ts'

type Mark = 'done' | 'wrong' | 'note'

/** Prints one line for people; colours only where the stream has them. */
export function say(mark: Mark, text: string): void {
  const stream = mark === 'wrong' ? process.stderr : process.stdout
  stream.write(line(mark, text))
}

/** Prints one line of what a command was asked to find out: also what is wrong belongs to its output. */
export function sayResult(mark: Mark, text: string): void {
  process.stdout.write(line(mark, text))
}

function line(mark: Mark, text: string): string {
  const marks = { done: styleText('green', '✓'), wrong: styleText('red', '✗'), note: styleText('dim', '·') }
  return `${marks[mark]} ${text}\n`
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

/** Ends the command where it was called in a way that it does not know: 2, since 1 says that something was found. */
export function reportMisuse({ exitCode, message }: CommanderError, json: boolean): void {
  if (exitCode === 0) return // help and version, which are printed already, as every message is
  if (json) sayJson({ error: { message: message.replace(/^error: /, '') } })
  process.exitCode = 2
}
