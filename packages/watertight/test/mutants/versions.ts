import { masks } from './masks.ts'
import { mutants } from './catalogue/index.ts'
import type { Edit, Mutant } from './mutant.ts'

/** A version of the library to judge: a mutant, or a control, which differs in nothing but what masks switch off. */
export interface Version {
  readonly name: string
  readonly edits: readonly Edit[]
  readonly probeFile: string
  readonly probe: string
}

/** What a probe said of a version. `broken`: it could not be judged, which is no kill. */
export interface Verdict {
  readonly name: string
  readonly outcome: 'passed' | 'breach' | 'broken'
  readonly message: string
  readonly milliseconds: number
}

/** The name of the control of a mutant: its probe and its masks, without the mutation. */
export function controlOf({ killer, maskedBy = [] }: Mutant): string {
  return ['control', killer, ...maskedBy].join('|')
}

/** @throws {TypeError} when there is no such mutant, probe or mask */
export function readVersion(name: string): Version {
  const [first = '', killer = '', ...maskedBy] = name.split('|')
  if (first === 'control') return { name, edits: maskedBy.flatMap(editsOf), ...placeOf(killer) }
  const mutant = mutants.find(({ id }) => id === name)
  if (mutant === undefined) throw new TypeError(`There is no mutant ${name}.`)
  return { name, edits: [...(mutant.maskedBy ?? []).flatMap(editsOf), ...mutant.edits], ...placeOf(mutant.killer) }
}

function editsOf(mask: string): readonly Edit[] {
  const edits = masks[mask]
  if (edits === undefined) throw new TypeError(`There is no mask ${mask}.`)
  return edits
}

// `memory/own-key` is the probe `own-key` of probes/memory.ts.
function placeOf(killer: string): Pick<Version, 'probeFile' | 'probe'> {
  const [probeFile = '', probe = ''] = killer.split('/')
  return { probeFile, probe }
}
