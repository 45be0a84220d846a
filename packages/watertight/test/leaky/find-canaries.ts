import { createCanaryDetector } from '../../src/testing/index.ts'
import type { Canary, CanaryFinding } from '../../src/testing/index.ts'

/**
 * Finds canaries in what was observed, which is JSON.
 *
 * Detectors and what they found are kept: most attempts end in the same few refusals, and a detector finds the same in
 * the same text.
 *
 * @throws {Error} where not everything could be looked at: nothing found would prove nothing then
 */
export function findCanaries(canaries: readonly Canary[], observed: unknown): readonly CanaryFinding[] {
  const labels = canaries.map(({ label, value }) => `${label} ${value}`).join('\n')
  const { detector, found } = kept.get(labels) ?? { detector: createCanaryDetector(canaries), found: new Map() }
  kept.set(labels, { detector, found })
  const text = JSON.stringify(observed) ?? ''
  const known = found.get(text)
  if (known !== undefined) return known
  const { findings, gaveUp } = detector.scan(observed)
  if (gaveUp.length > 0) throw new Error(`What was observed could not be looked at: ${gaveUp.join('; ')}`)
  found.set(text, findings)
  return findings
}

interface Kept {
  readonly detector: ReturnType<typeof createCanaryDetector>
  readonly found: Map<string, readonly CanaryFinding[]>
}

const kept = new Map<string, Kept>()
