import { readFileSync } from 'node:fs'

/** What is read of a report of Stryker: the mutation testing report schema, in its second version. */
interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>
}

interface Mutant {
  readonly mutatorName: string
  readonly replacement?: string
  readonly status: string
  readonly statusReason?: string
  readonly location: { readonly start: Position; readonly end: Position }
}

/** Lines and columns count from 1. */
interface Position {
  readonly line: number
  readonly column: number
}

/** A mutant that no test noticed, by what it does to the code: lines move, code stays. */
export interface Survivor {
  readonly file: string
  readonly at: number
  readonly mutator: string
  /** the line, without the blanks around it */
  readonly line: string
  /** what the mutant makes of it */
  readonly becomes: string
  /** whether any test reached it */
  readonly reached: boolean
}

/** The judgement of one file. Left out: what was not tested, by the reason for it. */
export interface FileResult {
  readonly file: string
  readonly noticed: number
  readonly survivors: readonly Survivor[]
  readonly leftOut: Readonly<Record<string, number>>
}

const noticedStatuses = ['Killed', 'Timeout']
const survivingStatuses = ['Survived', 'NoCoverage']
/** A test file that could not even be read: noticed at once, but by nobody's promise. Stryker leaves these out too. */
const brokenStatuses = ['RuntimeError', 'CompileError']

/** Reads a report into one result for each file, by name. @throws {TypeError} when a mutant was not judged */
export function readReport(path: string): readonly FileResult[] {
  const report: Report = JSON.parse(readFileSync(path, 'utf8'))
  return Object.entries(report.files)
    .map(([file, { source, mutants }]) => readFile(file, source.split('\n'), mutants))
    .toSorted((one, other) => (one.file < other.file ? -1 : 1))
}

function readFile(file: string, lines: readonly string[], mutants: readonly Mutant[]): FileResult {
  const leftOut: Record<string, number> = {}
  const survivors: Survivor[] = []
  let noticed = 0
  for (const mutant of mutants) {
    if (noticedStatuses.includes(mutant.status)) noticed++
    else if (survivingStatuses.includes(mutant.status)) survivors.push(toSurvivor(file, lines, mutant))
    else if (brokenStatuses.includes(mutant.status)) count(leftOut, 'the tests do not load with them')
    else if (mutant.status === 'Ignored') count(leftOut, mutant.statusReason ?? 'no reason')
    else throw new TypeError(`${file}:${mutant.location.start.line} was not judged: ${mutant.status}.`)
  }
  return { file, noticed, survivors, leftOut }
}

function toSurvivor(file: string, lines: readonly string[], mutant: Mutant): Survivor {
  const { start, end } = mutant.location
  const first = lines[start.line - 1] ?? ''
  const head = first.slice(0, start.column - 1)
  const tail = (lines[end.line - 1] ?? '').slice(end.column - 1)
  return {
    file,
    at: start.line,
    mutator: mutant.mutatorName,
    line: first.trim(),
    becomes: `${head}${mutant.replacement ?? ''}${tail}`.replaceAll(/\s+/g, ' ').trim(),
    reached: mutant.status === 'Survived',
  }
}

function count(counts: Record<string, number>, reason: string): void {
  counts[reason] = (counts[reason] ?? 0) + 1
}

/** The share of mutants that were noticed, in percent; 100 where there was none. */
export function scoreOf(results: readonly FileResult[]): number {
  const noticed = results.reduce((sum, result) => sum + result.noticed, 0)
  const survived = results.reduce((sum, result) => sum + result.survivors.length, 0)
  return noticed + survived === 0 ? 100 : (100 * noticed) / (noticed + survived)
}
