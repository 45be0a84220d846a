import { confusables } from './careless.ts'

/** The ways in which one id is made to look like another. */
export type LookAlikeKind = (typeof lookAlikeKinds)[number]

/** Every kind, in the order in which the default takes them. */
export const lookAlikeKinds = [
  'sibling', // northstar-dental, northstar-design: one beginning
  'number', // user1, user10
  'region', // acme, acme-eu
  'separator', // john_doe, john-doe
  'blank', // john_doe, john doe
  'case',
  'capital',
  'underscore', // acme, acme_
  'colon', // acme, acme:eu
  'slash',
  'pipe',
  'wildcard', // acme%: LIKE; and _ above
  'dot', // a.b, where a pattern takes any character
  'trailing-space',
  'leading-space',
  'trailing-dot',
  'double-space',
  'percent-encoded',
  'percent-space',
  'relative-path',
  'composed', // é as one character
  'decomposed', // é as e and an accent
  'full-width',
  'confusable',
  'zero-width',
  'leading-zero', // ws_1, ws_01
  'suffix', // acme, my-acme
  'tag', // sam, sam+eu
] as const

/**
 * Makes an id that looks like another one.
 *
 * @param base the id to look like
 * @param kind in which way
 * @returns the other id, or `undefined` where that way leads nowhere: a number in an id without digits
 */
export function makeLookAlike(base: string, kind: LookAlikeKind): string | undefined {
  const made = makers[kind](base)
  return made === base ? undefined : made
}

const makers: Readonly<Record<LookAlikeKind, (base: string) => string>> = {
  sibling: (base) => (base.endsWith('-dental') ? base.replace(/dental$/, 'design') : `${base}-b`),
  number: (base) => (/\d$/.test(base) ? `${base}0` : `${base}2`),
  region: (base) => `${base}-eu`,
  separator: (base) => base.replace(/[-_]/, (separator) => (separator === '-' ? '_' : '-')),
  blank: (base) => base.replace(/[-_]/, ' '),
  case: (base) => base.toUpperCase(),
  capital: (base) => base.charAt(0).toUpperCase() + base.slice(1),
  underscore: (base) => `${base}_`,
  colon: (base) => `${base}:eu`,
  slash: (base) => `${base}/eu`,
  pipe: (base) => `${base}|eu`,
  wildcard: (base) => `${base}%`,
  dot: (base) => base.replace(/[-_]/, '.'),
  'trailing-space': (base) => `${base} `,
  'leading-space': (base) => ` ${base}`,
  'trailing-dot': (base) => `${base}.`,
  'double-space': (base) => `${base}  `,
  'percent-encoded': (base) => base.replace(/[-_]|^./, percentOf),
  'percent-space': (base) => `${base}%20`,
  'relative-path': (base) => `./${base}`,
  composed: (base) => accent(base).normalize('NFC'),
  decomposed: (base) => accent(base).normalize('NFD'),
  'full-width': (base) => base.replace(/[a-z]/, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)),
  confusable: (base) => base.replace(/[aceiopsxydhjv]/, confuse),
  'zero-width': (base) => `${base.slice(0, 1)}\u200b${base.slice(1)}`,
  'leading-zero': (base) => base.replace(/\d+/, '0$&'),
  suffix: (base) => `my-${base}`,
  tag: (base) => `${base}+eu`,
}

function percentOf(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

function accent(base: string): string {
  return /[aeiou]/.test(base) ? base.replace(/[aeiou]/, '$&\u0301') : base.replace(/[cnsrwz]/, '$&\u0301')
}

function confuse(letter: string): string {
  return [...confusables].find(([, latin]) => latin === letter)?.[0] ?? letter
}
