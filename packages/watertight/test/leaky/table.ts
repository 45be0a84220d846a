import { answers } from './answers.ts'
import { incidents } from './incidents.ts'
import type { IncidentResult } from './run-leaky.ts'

/**
 * Writes the table of incidents: what was published, what caught its leaky version, and what answers it in Watertight.
 * Whether the scenario shows nothing on that surface is for the proof to say.
 */
export function writeTable(results: readonly IncidentResult[]): string {
  const rows = results.map(({ number, title, caught }) => {
    const sources = incidents.find((incident) => incident.number === number)?.sources ?? []
    return [String(number), title, sources.join(', '), describeCatch(caught), describeAnswer(number)]
  })
  return align([['', 'incident', 'published as', 'caught by', 'Watertight'], ...rows])
}

function describeCatch(caught: IncidentResult['caught']): string {
  if (caught === undefined) return 'NOT CAUGHT'
  return `${caught.attempt}: ${caught.how === 'arrived' ? 'a canary arrives' : 'a canary is lost'}`
}

function describeAnswer(number: number): string {
  const answer = answers.get(number)
  if (answer === undefined) return 'NO ANSWER'
  return 'pending' in answer ? `pending: ${answer.pending}` : answer.surface
}

/** A table of Markdown, as the formatter wants it. */
function align([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_title, at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0), 3))
  const line = (row: readonly string[]) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n')
}
