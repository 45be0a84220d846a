import type { StackRow } from './run-stack.ts'

const headings = ['stack', 'version', 'cases', 'leaks', 'mended', 'not served', 'shortest script that leaks']

/** The table for a terminal. */
export function printTable(rows: readonly StackRow[]): string {
  const [head = [], ...body] = padded([headings, ...rows.map((row) => cellsOf(row, row.repro))])
  return [head, ...body].map((cells) => cells.join('  ').trimEnd()).join('\n')
}

/** The table of the page, as the formatter wants it. */
export function writeTable(rows: readonly StackRow[]): string {
  const [head = [], ...body] = padded([headings, ...rows.map((row) => cellsOf(row, codeOf(row.repro)))])
  const rule = head.map((cell) => '-'.repeat(cell.length))
  return [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function cellsOf({ name, version, cases, leaks, mended, refused }: StackRow, script: string): readonly string[] {
  return [
    name,
    version,
    String(cases),
    String(leaks),
    mended === undefined ? '' : String(mended),
    String(refused.length),
    script,
  ]
}

function codeOf(script: string): string {
  return script === '' ? 'none was seen' : `\`${script.replaceAll('|', String.raw`\|`)}\``
}

function padded(table: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const widths = headings.map((_heading, at) => Math.max(3, ...table.map((row) => row[at]?.length ?? 0)))
  return table.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)))
}
