import type { Outcome } from './outcome.ts'

interface Case {
  readonly name: string
  readonly failures: readonly string[]
  readonly errors: readonly string[]
}

/** Writes an outcome as JUnit XML: leaks are failures, and what is wrong with the target are errors. */
export function junitReport(target: string, outcome: Outcome): string {
  const cases = casesOf(outcome)
  const count = (kind: 'failures' | 'errors') => cases.filter((each) => each[kind].length > 0).length
  const counts = `tests="${cases.length}" failures="${count('failures')}" errors="${count('errors')}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="watertight prove" ${counts}>`,
    `  <testsuite name="${escape(target)}" ${counts} skipped="0">`,
    ...cases.flatMap(({ name, failures, errors }) => [
      `    <testcase classname="${escape(target)}" name="${escape(name)}">`,
      ...elements('failure', failures),
      ...elements('error', errors),
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
  const { leaks } = outcome
  if (leaks === undefined) return [sound]
  return [
    sound,
    ...(['tenant', 'workspace', 'user'] as const).map((relation) => ({
      name: `nobody sees what belongs to another ${relation}`,
      failures: leaks
        .filter((leak) => leak.relation === relation)
        .map(
          ({ caller, canary, at, rendering, prompt }) =>
            `${caller} saw ${canary} at ${at} (${rendering.join(', ')}), after ${prompt}`,
        ),
      errors: [],
    })),
  ]
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
