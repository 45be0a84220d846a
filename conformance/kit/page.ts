import type { StackRow } from './run-stack.ts'
import type { Stack } from './stack.ts'
import { writeTable } from './table.ts'

const begin = '<!-- written by: npm run prove -- --stacks --write-docs -->'
const end = '<!-- end of what is written -->'

/** A stack, and what was seen of it. */
export interface Seen {
  readonly stack: Stack
  readonly row: StackRow
}

/** What the page tells. */
export interface Findings {
  /** when it was seen, as `2026-11-25` */
  readonly day: string
  readonly seen: readonly Seen[]
  /** the version of a package, as it is installed */
  readonly versionOf: (name: string) => string
}

/**
 * Puts what was seen into the page, between its marks.
 *
 * @throws {TypeError} when the page has lost its marks
 */
export function writePage(page: string, { day, seen, versionOf }: Findings): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from === -1 || to < from) throw new TypeError(`docs/stacks.md needs two lines: ${begin} and ${end}.`)
  const table = writeTable(seen.map(({ row }) => row))
  const parts = [begin, `Seen on ${day}.`, table, ...seen.map((one) => describe(one, versionOf)), '']
  return page.slice(0, from) + parts.join('\n\n') + page.slice(to)
}

function describe({ stack, row }: Seen, versionOf: Findings['versionOf']): string {
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['Packages', stack.packages.map((name) => `\`${name}\` ${versionOf(name)}`).join(', ')],
    ['Set up', stack.setUp],
    ['Told by', stack.toldBy],
    ['Mocked', stack.mocked],
    ['Leaks', describeVerbs(stack, row)],
    ['Tenants that it does not serve', row.refused.map((id) => `\`${id}\``).join(', ') || undefined],
    ['What helps', stack.remedy?.how],
  ]
  const told = lines.flatMap(([title, text]) => (text === undefined ? [] : [`- ${title}: ${text}.`]))
  return [`### ${stack.name}`, '', ...told].join('\n')
}

function describeVerbs({ words }: Stack, { verbs }: StackRow): string {
  return verbs.map(({ verb, cases, leaks }) => `${words?.[verb] ?? verb} ${leaks} of ${cases}`).join(', ')
}
