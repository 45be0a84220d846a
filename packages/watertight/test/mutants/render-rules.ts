import { controlOf } from './versions.ts'
import { mutants } from './catalogue/index.ts'
import { rules, threats } from './rules.ts'

/** docs/rules.md, as rules and mutants are. */
export function renderRules(): string {
  const surfaces = [...new Set(rules.map(({ surface }) => surface))]
  return [introduction, ...surfaces.map(renderSurface)].join('\n')
}

const introduction = `# The rules of isolation

Each rule has tests that hold the library to it, and mutants: versions of the library that lack it, each of which a small
probe must notice. A mutant that another layer would hide is judged with that layer off. A test fails where a rule has no
test or no mutant, or names a test that is not there. The data is in \`packages/watertight/test/mutants/\`; this page is
written from it by \`npm run rules\`.

There are ${rules.length} rules and ${mutants.length} mutants, and ${new Set(mutants.map(controlOf)).size} controls: probes on a version without a mutation.
`

function renderSurface(surface: string): string {
  const own = rules.filter((rule) => rule.surface === surface)
  return `## ${surface.charAt(0).toUpperCase()}${surface.slice(1)}\n\n${own.map(renderRule).join('\n')}`
}

function renderRule({ id, says, threats: against, tests }: (typeof rules)[number]): string {
  const own = mutants.filter(({ rule }) => rule === id)
  const lines = [
    `### ${id}`,
    says,
    `Against: ${against.map((threat) => threats[threat]).join('; ')}.`,
    'Tests:',
    tests.map((test) => `- \`${test}\``).join('\n'),
    'Mutants:',
    own.map((mutant) => `- \`${mutant.id}\`: ${mutant.story}`).join('\n'),
  ]
  return `${lines.join('\n\n')}\n`
}
