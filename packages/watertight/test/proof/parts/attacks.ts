import { attackCases } from '../../attack-cases/cases/index.ts'
import { runAttacks, tableOf } from '../../attack-cases/run-attacks.ts'
import type { PartResult, ProofPart } from '../part.ts'

/** In the quick profile one of so many cases is played. */
const quickShare = 40

/** Every attack there is, played on Watertight: nothing of another owner comes out, changes or is told of. */
export const attacksPart: ProofPart = {
  name: 'attacks',
  async run({ quick }, progress): Promise<PartResult> {
    const report = await runAttacks({
      ...(quick ? { cases: attackCases.filter((_case, at) => at % quickShare === 0) } : {}),
      progress: (done, total) => {
        if (done % 50 === 0) progress(`${done} of ${total} attacks`)
      },
    })
    const { cases, pending, leaks, own, failures } = report
    return {
      counts: { cases, pending, leaks },
      failures: [
        ...failures.map(({ id, why }) => `The attack ${id} did not end as it must: ${why ?? 'nothing says why'}`),
        ...(own.right < own.asked ? [`${own.asked - own.right} of ${own.asked} own answers are wrong`] : []),
      ],
      summary: `${cases} attacks, ${leaks} leaks, ${own.right} of ${own.asked} own answers right; ${pending} wait for their surface`,
      table: tableOf(report),
    }
  },
}
