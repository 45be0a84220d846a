import { stripVTControlCharacters, styleText } from 'node:util'

import type { RunOutcome } from './outcome.ts'
import { refusalsOf, summaryOf } from './summary.ts'

type Colour = 'bold' | 'dim' | 'green' | 'red' | 'yellow'
type Paint = (colour: Colour, text: string) => string

// A compromised model tells all that it has; a person wants to see that it did, not all of it.
const longestAnswer = 400

/**
 * Writes what happened, for people: each run, a table, and the verdict.
 *
 * @param stream where the text is going: colours depend on it, and on NO_COLOR and FORCE_COLOR
 */
export function report(outcomes: readonly RunOutcome[], stream: NodeJS.WritableStream = process.stdout): string {
  const paint: Paint = (colour, text) => styleText(colour, text, { stream })
  return [...outcomes.map((outcome) => runText(outcome, paint)), table(outcomes, paint), verdict(outcomes, paint)].join(
    '\n\n',
  )
}

function runText(outcome: RunOutcome, paint: Paint): string {
  const { tenant, model, prompt, leaks } = outcome
  return [
    `${paint('bold', tenant.name)} asks the ${model} model: ${prompt.text}`,
    ...entry('answer', clip(outcome.answer), paint),
    ...usedLines(outcome, paint),
    ...outcome.refused.flatMap(({ reason, count }) => entry('refused', refusalText(reason, count, paint), paint)),
    ...outcome.checked.flatMap((each) => entry('checked', plainText(each), paint)),
    ...leaks.flatMap((leak) => entry('LEAK', paint('red', leak), paint)),
  ].join('\n')
}

function usedLines({ used }: RunOutcome, paint: Paint): string[] {
  const kinds = [
    ['memory', used.memory],
    ['documents', used.documents],
    ['tools', used.tools],
  ] as const
  return kinds.flatMap(([kind, names]) => (names.length > 0 ? entry(kind, names.join(', '), paint) : []))
}

const meanings = new Map([
  ['approval-required', 'a person has to consent first, or has not'],
  ['argument-reserved', 'the model named a tenant or workspace, which only the boundary decides'],
  ['input-refused', 'arguments that the tool does not take, or too long'],
  ['resource-outside-boundary', 'an id that is missing here, or somebody else’s: nobody is told which'],
  ['result-withheld', 'a tool returned a row of somebody else'],
  ['role-insufficient', 'the person’s role does not reach that far'],
  ['tool-failed', 'the tool’s own code failed'],
  ['tool-refused', 'the tool passed on a refusal that it met'],
  ['tool-unknown', 'no such tool exists for this person'],
])

function refusalText(reason: string, count: number, paint: Paint): string {
  const meaning = meanings.get(reason)
  return `${paint('yellow', `${reason} ×${count}`)}${meaning === undefined ? '' : `  ${paint('dim', meaning)}`}`
}

function entry(label: string, text: string, paint: Paint): string[] {
  const [first = '', ...rest] = text.split('\n')
  return [`  ${paint('dim', label.padEnd(10))} ${first}`, ...rest.map((line) => `${' '.repeat(13)}${line}`)]
}

// What a model wrote goes to a terminal, so it must not carry a terminal's control sequences.
function clip(answer: string): string {
  const plain = plainText(answer)
  const more = plain.length - longestAnswer
  return more > 0 ? `${plain.slice(0, longestAnswer)} … and ${more} more characters` : plain
}

function plainText(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[^\P{Cc}\n]/gu, ' ')
}

function table(outcomes: readonly RunOutcome[], paint: Paint): string {
  const head = ['tenant', 'model', 'prompt', 'answered', 'refused', 'leaks']
  const rows = outcomes.map((outcome) => [
    outcome.tenant.name,
    outcome.model,
    outcome.prompt.id,
    outcome.answered ? 'yes' : 'no',
    String(refusalsOf(outcome)),
    String(outcome.leaks.length),
  ])
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [paint('bold', line(head)), ...rows.map((row, index) => paintRow(line(row), outcomes[index], paint))].join(
    '\n',
  )
}

function paintRow(line: string, outcome: RunOutcome | undefined, paint: Paint): string {
  return outcome && outcome.leaks.length > 0 ? paint('red', line) : line
}

function verdict(outcomes: readonly RunOutcome[], paint: Paint): string {
  const { runs, answered, refused, leaks } = summaryOf(outcomes)
  const counts = `${runs} runs, ${answered} answered, ${refused} refusals, ${leaks} leaks.`
  if (runs === 0) return paint('yellow', 'Nothing was run, so nothing is shown.')
  return leaks === 0
    ? paint('green', `${counts} Nothing crossed over.`)
    : paint('red', `${counts} The desk is not tight.`)
}
