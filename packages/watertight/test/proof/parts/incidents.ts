import { runLeaky } from '../../leaky/run-leaky.ts'
import { writeTable } from '../../leaky/table.ts'
import type { PartResult, ProofPart } from '../part.ts'

/** A leaky version of each incident, which the kit must catch; and the same attempts on Watertight, which must show nothing. */
export const incidentsPart: ProofPart = {
  name: 'incidents',
  async run({ quick, seed }, progress): Promise<PartResult> {
    progress('a leaky version and a mended one of each incident, and Watertight')
    const report = await runLeaky({ seed, profile: quick ? 'short' : 'full' })
    const { caught, total, ours, pending, incidents, watertight } = report
    return {
      counts: { incidents: { caught, total, ours, pending } },
      failures: [
        ...incidents
          .filter((each) => each.caught === undefined)
          .map(({ number, title }) => `The leaky version of incident ${number} was not caught: ${title}`),
        ...incidents.flatMap(({ number, afterFix }) =>
          afterFix.map(
            ({ attempt, canary }) => `The mended version of incident ${number} lets ${canary} out: ${attempt}`,
          ),
        ),
        ...watertight
          .filter(({ attempts }) => attempts === 0)
          .map(({ number, scenario }) => `Nothing was tried on Watertight for incident ${number} (${scenario}).`),
        ...watertight.flatMap(({ number, scenario, catches }) =>
          catches.map(
            ({ attempt, canary, at }) =>
              `Watertight leaks as in incident ${number} (${scenario}): ${attempt}: ${canary} at ${at}`,
          ),
        ),
      ],
      summary: `${caught} of ${total} leaky versions caught; Watertight passes ${ours}, ${pending} wait for their surface`,
      table: writeTable(incidents),
    }
  },
}
