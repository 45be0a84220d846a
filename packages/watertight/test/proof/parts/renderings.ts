import { createCanary, createCanaryDetector, createTwins } from '../../../src/testing/index.ts'
import { renderings } from '../../support/renderings.ts'
import type { PartResult, ProofPart, ProofProfile } from '../part.ts'

/** Every rendering of a canary, looked for; and the texts of the twin, in which there is nothing to find. */
export const renderingsPart: ProofPart = {
  name: 'renderings',
  async run(profile, progress): Promise<PartResult> {
    const missed = findMissed(profile)
    const total = Object.keys(renderings).length
    progress(`${total - missed.length} of ${total} renderings found`)
    const { texts, alarms } = countAlarms(profile, progress)
    return {
      counts: { renderings: { found: total - missed.length, total }, falseAlarms: alarms },
      failures: [
        ...missed.map((name) => `A canary was not found in this rendering: ${name}`),
        ...(alarms > 0 ? [`${alarms} of ${texts} texts of the twin raised an alarm`] : []),
      ],
      summary: `${total - missed.length} of ${total} renderings found, ${alarms} false alarms in ${texts} texts of the twin`,
    }
  },
}

/** The renderings in which one canary or another was not found. */
function findMissed({ quick, seed }: ProofProfile): readonly string[] {
  const canaries = Array.from({ length: quick ? 1 : 4 }, (_none, at) =>
    createCanary({ seed, owner: `owner-${at}`, store: 'memory' }),
  )
  const detector = createCanaryDetector(canaries)
  return Object.entries(renderings)
    .filter(([, render]) =>
      canaries.some(
        ({ label, value }) => !detector.scan(render(value)).findings.some(({ canary }) => canary === label),
      ),
    )
    .map(([name]) => name)
}

// The other twin's secrets are looked for; the texts hold secrets of their own, which look just like them.
function countAlarms(
  { quick, seed }: ProofProfile,
  progress: (said: string) => void,
): { texts: number; alarms: number } {
  const stores = ['memory', 'documents', 'tickets'] as const
  const wanted = quick ? 300 : 10_000
  const [, design] = createTwins({ seed, stores }).tenants
  const detector = createCanaryDetector(Object.values(design?.canaries ?? {}))
  let [texts, alarms] = [0, 0]
  for (let each = 1; texts < wanted; each++) {
    const [dental] = createTwins({ seed: `${seed} ${each}`, tenants: 1, stores }).tenants
    for (const { tickets, documents, users } of dental?.workspaces ?? []) {
      for (const text of [...tickets, ...documents, ...users.flatMap(({ memories }) => memories)]) {
        texts++
        if (!detector.scan(text).clean) alarms++
      }
    }
    if (each % 100 === 0) progress(`${texts} of ${wanted} texts of the twin`)
  }
  return { texts, alarms }
}
