import { readFileSync } from 'node:fs'

import type { FileResult, Survivor } from './read-report.ts'

/** Why mutants of one file survive: `why` says that they change nothing, or nothing that could be observed. */
interface Explanation {
  readonly file: string
  readonly why: string
  /** each a line of the file, and what the mutant makes of it; listed as often as there are such mutants */
  readonly mutants: readonly (readonly [line: string, becomes: string])[]
}

export interface Explained {
  readonly explained: number
  readonly unexplained: readonly Survivor[]
  /** explanations of survivors that are none any more: to be taken out, for they would hide the next one */
  readonly stale: readonly string[]
}

/** Matches survivors with the explanations of the files that were judged: by the code, for lines move. */
export function explain(results: readonly FileResult[], path: string): Explained {
  const left = new Map<string, number>()
  const explanations: readonly Explanation[] = JSON.parse(readFileSync(path, 'utf8'))
  const judged = new Set(results.map(({ file }) => file))
  for (const { file, mutants } of explanations) {
    if (!judged.has(file)) continue
    for (const [line, becomes] of mutants) add(left, keyOf({ file, line, becomes }), 1)
  }
  const survivors = results.flatMap((result) => result.survivors)
  const unexplained = survivors.filter((survivor) => {
    const key = keyOf(survivor)
    if ((left.get(key) ?? 0) === 0) return true
    add(left, key, -1)
    return false
  })
  const stale = [...left].flatMap(([key, times]) => Array.from({ length: times }, () => key))
  return { explained: survivors.length - unexplained.length, unexplained, stale }
}

function keyOf({ file, line, becomes }: Pick<Survivor, 'file' | 'line' | 'becomes'>): string {
  return `${file}\n  - ${line}\n  + ${becomes}`
}

function add(counts: Map<string, number>, key: string, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more)
}
