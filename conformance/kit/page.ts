import type { StackRow } from './run-stack.ts'
import type { Stack } from './stack.ts'
import { writeTable } from './table.ts'
import { versionOf } from './versions.ts'

const begin = '<!-- written by: npm run prove -- --stacks --write-docs -->'
const end = '<!-- end of what is written -->'

/**
 * Puts the rows into the page, between its marks.
 *
 * @param day when they were seen, as `2026-11-25`
 * @throws {TypeError} when the page has lost its marks
 */
export function writePage(page: string, day: string, rows: readonly StackRow[], stacks: readonly Stack[]): string {
  const [before, after] = [page.indexOf(begin), page.indexOf(end)]
  if (before === -1 || after < before) throw new TypeError(`The page needs two lines: ${begin} and ${end}.`)
  const written = [begin, `Seen on ${day}.`, writeTable(rows), ...stacks.map((stack) => describe(stack)), ''].join(
    '\n\n',
  )
  return page.slice(0, before) + written + page.slice(after)
}

function describe({ name, packages, setUp, toldBy, mocked, remedy }: Stack): string {
  const versions = packages.map((each) => `\`${each}\` ${versionOf(each)}`).join(', ')
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['Packages', versions],
    ['Set up', setUp],
    ['Told by', toldBy],
    ['Stands in', mocked],
    ['What helps', remedy],
  ]
  const told = lines.flatMap(([title, text]) => (text === undefined ? [] : [`- ${title}: ${text}.`]))
  return [`### ${name}`, '', ...told].join('\n')
}
