import { meetContract, tryVersion } from './try-version.ts'
import type { Tried, Version } from './try-version.ts'
import type { Kind } from './kind.ts'
import type { Cast, Owner } from './owners.ts'

/** A published incident, with a component that leaks as it did, and the same component mended. */
export interface Incident {
  readonly number: number
  /** the address of the file that holds both classes, `Leaky` and `Fixed` */
  readonly url: string
  readonly title: string
  /** where it was published: numbers of advisories, papers, threads */
  readonly sources: readonly string[]
  readonly kind: string
  readonly leaky: Trial
  readonly fixed: Trial
}

/** A version that can be tried, whatever kind of component it is. */
export interface Trial {
  /** @throws {AssertionError} where the single-tenant contract is not kept */
  meetContract(owner: Owner): Promise<void>
  tryAll(cast: Cast): Promise<Tried>
}

interface Told<Component> {
  readonly number: number
  readonly url: string
  readonly title: string
  readonly sources: readonly string[]
  readonly kind: Kind<Component>
  readonly leaky: () => Component
  readonly fixed: () => Component
  readonly close?: (component: Component) => Promise<void>
}

export function defineIncident<Component>({ kind, leaky, fixed, close, ...facts }: Told<Component>): Incident {
  const version = (open: () => Component) => createTrial({ kind, open, ...(close && { close }) })
  return { ...facts, kind: kind.name, leaky: version(leaky), fixed: version(fixed) }
}

export function createTrial<Component>(version: Version<Component>): Trial {
  return {
    meetContract: (owner) => meetContract(version, owner),
    tryAll: (cast) => tryVersion(version, cast),
  }
}
