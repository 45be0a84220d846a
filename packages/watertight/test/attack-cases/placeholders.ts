import { lookAlikeKinds, makeLookAlike } from '../../src/testing/index.ts'
import { renderings } from './renderings.ts'

/** What placeholders name. */
export interface Named {
  readonly me: object
  readonly twin: object
  readonly secret: object
  readonly case: object
  readonly kept: ReadonlyMap<string, unknown>
}

const anywhere = /\$(me|twin|secret|case)\.([A-Za-z0-9]+)(?:\|([a-z0-9-]+))?/g
const keptAlone = /^\$kept\.([A-Za-z0-9.]+)$/

/**
 * Fills the placeholders of an argument in, at any depth.
 *
 * @throws {TypeError} when one names nothing, or a look-alike that cannot be made: the case would attack nothing
 */
export function fillIn(value: unknown, named: Named): unknown {
  if (typeof value === 'string') {
    const alone = keptAlone.exec(value)?.[1]
    return alone === undefined
      ? value.replaceAll(anywhere, (_all, whose, what, how) => modify(textOf(named, whose, what), how))
      : findKept(named.kept, alone)
  }
  if (Array.isArray(value)) return value.map((member) => fillIn(member, named))
  if (typeof value !== 'object' || value === null) return value
  // Not an assignment: `__proto__` must come to the subject as the name of a member.
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [String(fillIn(name, named)), fillIn(member, named)]),
  )
}

function findKept(kept: ReadonlyMap<string, unknown>, path: string): unknown {
  const [name = '', ...members] = path.split('.')
  if (!kept.has(name)) throw new TypeError(`No step has kept ${name}.`)
  return members.reduce<unknown>(
    (found, member) => (typeof found === 'object' && found !== null ? Reflect.get(found, member) : undefined),
    kept.get(name),
  )
}

function textOf(named: Named, whose: string, what: string): string {
  const found: unknown = Reflect.get(Reflect.get(named, whose), what)
  if (typeof found !== 'string') throw new TypeError(`There is no $${whose}.${what}.`)
  return found
}

function modify(text: string, how: string | undefined): string {
  if (how === undefined) return text
  const rendering = new Map<string, (secret: string) => string>(Object.entries(renderings)).get(how)
  if (rendering !== undefined) return rendering(text)
  const kind = lookAlikeKinds.find((each) => each === how)
  const made = kind === undefined ? undefined : makeLookAlike(text, kind)
  if (made === undefined) throw new TypeError(`No ${how} can be made.`)
  return made
}
