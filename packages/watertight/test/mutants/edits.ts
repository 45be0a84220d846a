import { readdirSync, readFileSync } from 'node:fs'

import { isSql } from './mutant.ts'
import type { Edit } from './mutant.ts'

const sources = new URL('../../src/', import.meta.url)
const migrations = new URL('store/migrations/', sources)

/**
 * The texts of the source files that edits change, by their path below `src`.
 *
 * @throws {TypeError} when a text does not stand there exactly as often as it must: the mutant would mutate nothing
 */
export function editSources(edits: readonly Edit[]): ReadonlyMap<string, string> {
  const edited = new Map<string, string>()
  for (const edit of edits) {
    if (isSql(edit)) continue
    const before = edited.get(edit.file) ?? readFileSync(new URL(edit.file, sources), 'utf8')
    edited.set(edit.file, replace(edit.file, before, edit))
  }
  return edited
}

/**
 * The SQL that edits add after the migrations, for the embedded application's role.
 *
 * @throws {TypeError} when a function is not there, or the text in it is not there exactly once
 */
export function editSql(edits: readonly Edit[]): string {
  const redefined = new Map<string, string>()
  const statements: string[] = []
  for (const edit of edits) {
    if (!isSql(edit)) continue
    if ('sql' in edit) {
      statements.push(`${edit.sql};`)
      continue
    }
    const before = redefined.get(edit.function) ?? readFunction(edit.function)
    redefined.set(edit.function, replace(`wt.${edit.function}`, before, edit))
  }
  return [...statements, ...redefined.values()].join('\n')
}

function replace(
  place: string,
  text: string,
  { find, put, times = 1 }: { find: string; put: string; times?: number },
): string {
  const parts = text.split(find)
  if (parts.length - 1 !== times) throw new TypeError(`${place} holds ${parts.length - 1} times, not ${times}: ${find}`)
  return parts.join(put)
}

// The last migration that makes a function says what it is.
function readFunction(name: string): string {
  const files = readdirSync(migrations)
    .filter((file) => file.endsWith('.sql'))
    .toSorted()
  const pattern = new RegExp(String.raw`^create (?:or replace )?(function wt\.${name}\([\s\S]*?^end(?: \$\$)?;)`, 'gm')
  const made = files.flatMap((file) =>
    [...readFileSync(new URL(file, migrations), 'utf8').matchAll(pattern)].map(([, text = '']) => text),
  )
  const last = made.at(-1)
  if (last === undefined) throw new TypeError(`No migration makes wt.${name}.`)
  return `create or replace ${last}`
}
