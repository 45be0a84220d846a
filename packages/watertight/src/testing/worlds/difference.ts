import type { Pinned } from './pin.ts'

/** Where two observations part. */
export interface Difference {
  /** the place, as in `$.items[1].score` */
  readonly at: string
  /** what stands there in each: a number or a kind, never a text, which may be somebody's secret */
  readonly left: string
  readonly right: string
}

/** Finds the first place where two observations part, or `undefined` where they are the same, order included. */
export function findDifference(left: Pinned | undefined, right: Pinned | undefined, at = '$'): Difference | undefined {
  if (Object.is(left, right)) return undefined
  if (!isHolder(left) || !isHolder(right) || Array.isArray(left) !== Array.isArray(right))
    return { at, left: tell(left), right: tell(right) }
  const [ours, theirs] = [Object.entries(left), Object.entries(right)]
  if (Array.isArray(left) && ours.length !== theirs.length)
    return { at: `${at}.length`, left: String(ours.length), right: String(theirs.length) }
  for (let index = 0; index < Math.max(ours.length, theirs.length); index++) {
    const [name = '', value] = ours[index] ?? []
    const [otherName = '', otherValue] = theirs[index] ?? []
    const place = Array.isArray(left) ? `${at}[${index}]` : `${at}.${isPlainName(name) ? name : `{${index}}`}`
    if (name !== otherName || ours.length <= index || theirs.length <= index)
      return { at: place, left: tellMember(ours[index]), right: tellMember(theirs[index]) }
    const difference = findDifference(value, otherValue, place)
    if (difference !== undefined) return difference
  }
  return undefined
}

type Holder = Extract<Pinned, object>

function isHolder(value: Pinned | undefined): value is Holder {
  return typeof value === 'object' && value !== null
}

// What a programmer calls a member; a name of another kind may be data, and so somebody's secret.
function isPlainName(name: string): boolean {
  return /^[A-Za-z]\w{0,19}$/.test(name)
}

function tell(value: Pinned | undefined): string {
  if (value === undefined || value === '<undefined>') return 'nothing'
  if (typeof value === 'string') return `a text of ${value.length} characters`
  if (Array.isArray(value)) return `a list of ${value.length}`
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

function tellMember(member: readonly [string, Pinned] | undefined): string {
  if (member === undefined) return 'no member'
  return isPlainName(member[0]) ? `the member ${member[0]}` : `a member of ${member[0].length} characters`
}
