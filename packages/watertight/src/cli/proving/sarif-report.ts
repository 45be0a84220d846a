import { createHash } from 'node:crypto'

import type { Outcome } from './outcome.ts'

const rules = [
  { id: 'leak-tenant', shortDescription: { text: 'Something of another tenant arrived.' } },
  { id: 'leak-workspace', shortDescription: { text: 'Something of a sibling workspace arrived.' } },
  { id: 'leak-user', shortDescription: { text: 'Something of a sibling user arrived.' } },
  { id: 'broken-target', shortDescription: { text: 'The target cannot be proved as it is.' } },
]

/** Writes an outcome as SARIF 2.1.0 (OASIS): one result for each leak, and for each thing that is wrong with the target. */
export function sarifReport(target: string, outcome: Outcome): string {
  const result = (ruleId: string, text: string) => ({
    ruleId,
    level: 'error',
    message: { text },
    locations: [{ physicalLocation: { artifactLocation: { uri: encodeURI(target.replaceAll('\\', '/')) } } }],
    partialFingerprints: { 'watertight/v1': createHash('sha256').update(`${ruleId}\n${text}`).digest('hex') },
  })
  const leaks = (outcome.leaks ?? []).map(({ relation, caller, canary, at, rendering, prompt }) =>
    result(`leak-${relation}`, `${caller} saw ${canary} at ${at} (${rendering.join(', ')}), after ${prompt}.`),
  )
  const problems = outcome.problems.map(({ kind, step, message }) =>
    result('broken-target', `${kind} in ${step}: ${message}`),
  )
  const run = {
    tool: { driver: { name: 'watertight prove', rules } },
    invocations: [{ executionSuccessful: outcome.verdict !== 'broken' }],
    results: [...leaks, ...problems],
  }
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }
  return `${JSON.stringify(log, undefined, 2)}\n`
}
