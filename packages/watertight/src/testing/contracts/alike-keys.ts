/** Keys that are one to a store which folds, cuts, trims or normalises them, or takes them for a pattern. */
export const keysAlike = [
  'preferred-format',
  'PREFERRED-FORMAT',
  'preferred-format ',
  'preferred-format-of-reports',
  'preferred-format-of-letters',
  'preferred_format',
  'preferred%',
  'preferred*',
  'pr\u00e9f\u00e9r\u00e9',
  'pre\u0301fe\u0301re\u0301',
  'a/b',
  'a%2Fb',
  '../a',
  '__proto__',
  'constructor',
  '1', // one number
  '01',
  '1.0',
  '1e0',
  'a+b', // a blank in a form
  'a b',
  'a',
  "'a'",
  '"a"',
  '\u0430', // Cyrillic
  '\uff41', // full width
  'ab',
  'a\u200bb', // zero width
  'a\u200db',
]

/** What begins some of these keys, ends them or is within them, and is none. */
export const partsOfKeys = ['preferred', 'preferred-form', 'format', 'a\u200b', '1.', '%', '*']

/** Keys that, as patterns, stand for others. */
export const keyPatterns = ['preferred%', 'preferred*', 'preferred_format', 'preferred-format']

/** Pairs of keys that share a long beginning, so that a cut makes them one; refused they may be. */
export const longKeys = [23, 31, 47, 63, 99, 127, 199, 254, 255, 511, 766, 1023, 1500].flatMap((length) =>
  ['a', 'b'].map((end) => `${'long'.repeat(length).slice(0, length)}${end}`),
)
