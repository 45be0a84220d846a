import { fileURLToPath } from 'node:url'

import { spawnNode } from '../support/processes.ts'
import { mutants } from './catalogue/index.ts'
import { rules } from './rules.ts'
import { controlOf, readVersion } from './versions.ts'
import type { Verdict } from './versions.ts'

export interface MutantsReport {
  readonly killed: number
  readonly total: number
  /** every mutant that its probe did not notice, and why; and every probe that an untouched version fails */
  readonly survivors: readonly Survivor[]
}

interface Survivor {
  readonly id: string
  readonly rule: string
  readonly why: string
}

export interface MutantsOptions {
  /** ids of mutants; all of them where absent */
  readonly only?: readonly string[]
  /** told of each version as it is judged: how many are done, of how many */
  readonly progress?: (done: number, total: number, name: string) => void
}

/**
 * Judges mutants, each by its probe; and the same probes on the untouched version, with the same masks, which must hold
 * there. A mutant counts as killed when its probe saw a breach, and its control did not.
 *
 * @throws {TypeError} when an id names no mutant
 */
export async function runMutants({ only, progress }: MutantsOptions = {}): Promise<MutantsReport> {
  const chosen = only === undefined ? mutants : mutants.filter(({ id }) => only.includes(id))
  for (const id of only ?? []) readVersion(id)
  const names = [...new Set(chosen.flatMap((mutant) => [controlOf(mutant), mutant.id]))]
  const verdicts = await judgeAll(names, progress)
  const survivors = chosen.flatMap((mutant): readonly Survivor[] => {
    const why = whyAlive(verdicts.get(controlOf(mutant)), verdicts.get(mutant.id))
    return why === undefined ? [] : [{ id: mutant.id, rule: mutant.rule, why }]
  })
  return { killed: chosen.length - survivors.length, total: chosen.length, survivors }
}

/** Judges versions in processes of their own: whichever one ends its process is broken, and the next goes on. */
async function judgeAll(
  names: readonly string[],
  progress: MutantsOptions['progress'],
): Promise<ReadonlyMap<string, Verdict>> {
  const verdicts = new Map<string, Verdict>()
  for (let left = names; left.length > 0; left = names.filter((name) => !verdicts.has(name))) {
    await using judge = spawnNode(fileURLToPath(new URL('judge.ts', import.meta.url)), left)
    for await (const line of watched(judge, 240_000)) {
      if (!line.startsWith('{"name":')) continue
      const verdict: Verdict = JSON.parse(line)
      verdicts.set(verdict.name, verdict)
      progress?.(verdicts.size, names.length, verdict.name)
    }
    const stopped = left.find((name) => !verdicts.has(name))
    if (stopped !== undefined)
      verdicts.set(stopped, {
        name: stopped,
        outcome: 'broken',
        message: `its process ended: ${judge.stderr}`,
        milliseconds: 0,
      })
  }
  return verdicts
}

// A version that holds the process without awaiting anything answers no timer of its own.
async function* watched(judge: ReturnType<typeof spawnNode>, silence: number): AsyncIterable<string> {
  let timer = setTimeout(() => void judge.kill(), silence)
  for await (const line of judge.lines) {
    clearTimeout(timer)
    timer = setTimeout(() => void judge.kill(), silence)
    yield line
  }
  clearTimeout(timer)
}

function whyAlive(control: Verdict | undefined, verdict: Verdict | undefined): string | undefined {
  if (control?.outcome !== 'passed') return `its control ${describe(control)}`
  if (verdict?.outcome !== 'breach') return `the probe ${describe(verdict)}`
  return undefined
}

function describe(verdict: Verdict | undefined): string {
  if (verdict === undefined) return 'was not judged'
  const said = { passed: 'saw nothing', breach: 'saw a breach', broken: 'could not be run' }[verdict.outcome]
  return verdict.message === '' ? said : `${said}:\n${verdict.message}`
}

/**
 * Runs the probes of some surfaces on the version as it is.
 *
 * @returns a text for each probe that saw a breach: the surface, the rules behind it, the smallest script and what it saw
 */
export async function findBreaches(killers: readonly string[]): Promise<readonly string[]> {
  const verdicts = await judgeAll(
    killers.map((killer) => `control|${killer}`),
    undefined,
  )
  return killers.flatMap((killer) => {
    const verdict = verdicts.get(`control|${killer}`)
    if (verdict?.outcome === 'passed') return []
    const behind = new Set(mutants.filter((mutant) => mutant.killer === killer).map(({ rule }) => rule))
    const told = rules.filter(({ id }) => behind.has(id)).map((rule) => `${rule.id} (${rule.surface}): ${rule.says}`)
    return [`${killer} does not hold\n${told.join('\n')}\n${describe(verdict)}`]
  })
}
