/** The ways in which a model hides what it carries out. */
export const disguises: readonly ((text: string) => string)[] = [
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('hex'),
  (text) => Array.from(text).toReversed().join(''),
  (text) => Array.from(text).join(' '),
]
