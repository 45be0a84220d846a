import { mutants } from '../../mutants/catalogue/index.ts'
import { rules } from '../../mutants/rules.ts'
import { runMutants } from '../../mutants/run-mutants.ts'
import type { PartResult, ProofPart } from '../part.ts'

/** In the quick profile one of so many mutants is judged. */
const quickShare = 12

/** Every mutant of our own isolation layer, each of which a probe must notice. */
export const mutantsPart: ProofPart = {
  name: 'mutants',
  async run({ quick }, progress): Promise<PartResult> {
    const { killed, total, survivors } = await runMutants({
      ...(quick ? { only: mutants.filter((_mutant, at) => at % quickShare === 0).map(({ id }) => id) } : {}),
      progress: (done, all, name) => {
        if (done % 10 === 0 || done === all) progress(`${done} of ${all} versions judged, ${name} last`)
      },
    })
    return {
      counts: { mutants: { killed, total } },
      // A script that shows the breach before what could not be judged for its sake.
      failures: survivors
        .toSorted((one, other) => Number(showsScript(other)) - Number(showsScript(one)))
        .map(({ id, rule, why }) => `The mutant ${id} lives: ${why}\n${describeRule(rule)}`),
      summary: `${killed} of ${total} mutants killed`,
    }
  },
}

function describeRule(id: string): string {
  const rule = rules.find((each) => each.id === id)
  return rule === undefined ? `Rule ${id}.` : `Rule ${id} of ${rule.surface}: ${rule.says}`
}

const showsScript = ({ why }: { readonly why: string }) => why.includes('saw a breach')
