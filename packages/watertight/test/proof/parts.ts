import type { ProofPart } from './part.ts'

/**
 * The parts of the proof, by name, the longest first: each runs in a process of its own. `worlds/owner` is a share of
 * `worlds`, by which name all its shares are chosen.
 */
export const parts: Readonly<Record<string, () => Promise<ProofPart>>> = {
  'worlds/owner': async () => (await import('./parts/worlds.ts')).worldsOfOwner,
  'worlds/member': async () => (await import('./parts/worlds.ts')).worldsOfMember,
  'worlds/alone': async () => (await import('./parts/worlds.ts')).worldsAlone,
  'worlds/planted': async () => (await import('./parts/planted.ts')).plantedPart,
  renderings: async () => (await import('./parts/renderings.ts')).renderingsPart,
}
