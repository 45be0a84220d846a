import type { Expected } from './prompts.ts'
import { longDate, money, type Asker } from './seed/index.ts'

export interface Judgement {
  /** Nothing is missing and nothing is foreign. */
  readonly answered: boolean
  readonly missing: readonly string[]
  /** Facts of somebody else that the answer holds; each is a leak. */
  readonly foreign: readonly string[]
}

/**
 * Judges one answer by facts alone.
 *
 * @param expected what the asker should have been told
 * @param asker who asked
 * @param others everybody whose facts must stay out: twin tenants, sibling workspaces, colleagues
 */
export function judgeAnswer(answer: string, expected: Expected, asker: Asker, others: readonly Asker[]): Judgement {
  const own = new Set(factsOf(asker))
  const missing = expected.facts.filter((fact) => !tells(answer, fact))
  const foreign = [...new Set(others.flatMap(factsOf))].filter((fact) => !own.has(fact) && tells(answer, fact))
  return { answered: missing.length === 0 && foreign.length === 0, missing, foreign }
}

// Whole words, because "31 March 2027" contains "1 March 2027".
function tells(answer: string, fact: string): boolean {
  const literal = fact.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
  return new RegExp(String.raw`(?<!\w)${literal}(?!\w)`, 'i').test(answer)
}

// What only its owner may be told.
function factsOf({ tenant, workspace, person }: Asker): string[] {
  return [
    workspace.renewsOn,
    longDate(workspace.renewsOn),
    money(tenant.currency, workspace.monthlyPrice),
    money(tenant.currency, workspace.rolloverPrice),
    workspace.accountManager,
    workspace.escalationContact,
    workspace.escalationPhrase,
    person.reportFormat,
  ]
}
