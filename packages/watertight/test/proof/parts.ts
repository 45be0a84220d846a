import type { ProofPart } from './part.ts'

/**
 * The parts of the proof, by name, the longest first: each runs in a process of its own. `worlds/owner` is a share of
 * `worlds`, by which name all its shares are chosen.
 */
export const parts: Readonly<Record<string, () => Promise<ProofPart>>> = {
  mutants: async () => (await import('./parts/mutants.ts')).mutantsPart,
  'worlds/owner': async () => (await import('./parts/worlds.ts')).worldsOfOwner,
  'worlds/member': async () => (await import('./parts/worlds.ts')).worldsOfMember,
  'worlds/alone': async () => (await import('./parts/worlds.ts')).worldsAlone,
  'worlds/planted': async () => (await import('./parts/planted.ts')).plantedPart,
  attacks: async () => (await import('./parts/attacks.ts')).attacksPart,
  incidents: async () => (await import('./parts/incidents.ts')).incidentsPart,
  renderings: async () => (await import('./parts/renderings.ts')).renderingsPart,
}
