import type { Outcome } from './outcome.ts'

interface Case {
  readonly name: string
  readonly failures: readonly string[]
  readonly errors: readonly string[]
  /** why there is nothing to say */
  readonly skipped?: string | undefined
}

/** Writes an outcome as JUnit XML: leaks are failures, and what is wrong with the target are errors. */
export function junitReport(target: string, outcome: Outcome): string {
  const cases = casesOf(outcome)
  const count = (kind: 'failures' | 'errors') => cases.filter((each) => each[kind].length > 0).length
  const skipped = cases.filter((each) => each.skipped !== undefined).length
  const counts = `tests="${cases.length}" failures="${count('failures')}" errors="${count('errors')}" skipped="${skipped}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="watertight prove" ${counts}>`,
    `  <testsuite name="${escape(target)}" ${counts}>`,
    ...cases.flatMap(({ name, failures, errors, skipped: reason }) => [
      `    <testcase classname="${escape(target)}" name="${escape(name)}">`,
      ...elements('failure', failures),
      ...elements('error', errors),
      ...(reason === undefined ? [] : [`      <skipped message="${escape(reason)}"/>`]),
      '    </testcase>',
    ]),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function casesOf(outcome: Outcome): readonly Case[] {
  const errors = outcome.problems.map(({ kind, step, message }) => `${kind} in ${step}: ${message}`)
  const sound = { name: 'the target can be proved', failures: [], errors }
  return [sound, ...(['tenant', 'workspace', 'user'] as const).map((relation) => caseOf(outcome, relation))]
}

function caseOf(outcome: Outcome, relation: 'tenant' | 'workspace' | 'user'): Case {
  const failures = (outcome.leaks ?? [])
    .filter((leak) => leak.relation === relation)
    .map(
      ({ caller, canary, at, rendering, prompt }) =>
        `${caller} saw ${canary} at ${at} (${rendering.join(', ')}), after ${prompt}`,
    )
  const skipped = failures.length > 0 ? undefined : whyNothing(outcome, relation)
  return { name: `nobody sees what belongs to another ${relation}`, failures, errors: [], skipped }
}

// A case without a failure reads as a proof, which it is not where nobody could leak, or the target is broken.
function whyNothing(outcome: Outcome, relation: 'tenant' | 'workspace' | 'user'): string | undefined {
  if (outcome.verdict === 'broken') return 'The target is broken: nothing is proved.'
  return outcome.leakRates[relation].n === 0 ? `There is no other ${relation} to leak from.` : undefined
}

// Most readers show the first line of one element: all lines are in its text.
function elements(name: 'failure' | 'error', lines: readonly string[]): readonly string[] {
  const [first] = lines
  if (first === undefined) return []
  return [`      <${name} message="${escape(first)}" type="${name}">${escape(lines.join('\n'))}</${name}>`]
}

function escape(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '\ufffd') // what XML 1.0 does not take
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
