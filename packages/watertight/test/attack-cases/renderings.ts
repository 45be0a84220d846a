import { deflateRawSync, gzipSync } from 'node:zlib'

const bytes = (text: string) => Buffer.from(text)
const shift = (text: string, by: number) =>
  text.replaceAll(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + by) % 26) + 97))
const eachByte = (text: string, radix: number, width: number, between: string) =>
  Array.from(bytes(text), (byte) => byte.toString(radix).padStart(width, '0')).join(between)
const base32 = (text: string) => {
  const bits = eachByte(text, 2, 8, '')
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('')
}
const words: Readonly<Record<string, string>> = {
  j: 'juliett',
  k: 'kilo',
  q: 'quebec',
  v: 'victor',
  x: 'x-ray',
  z: 'zulu',
}

/** How a secret is carried past whoever looks for its letters. */
export const renderings = {
  exact: (text) => text,
  upper: (text) => text.toUpperCase(),
  spaced: (text) => Array.from(text).join(' '),
  dashed: (text) => Array.from(text).join('-'),
  reversed: (text) => Array.from(text).toReversed().join(''),
  base64: (text) => bytes(text).toString('base64'),
  base64url: (text) => bytes(`<${text}>`).toString('base64url'),
  'base64-twice': (text) => bytes(bytes(text).toString('base64')).toString('base64'),
  hex: (text) => bytes(text).toString('hex'),
  base32,
  rot13: (text) => shift(text, 13),
  caesar: (text) => shift(text, 7),
  atbash: (text) => text.replaceAll(/[a-z]/g, (letter) => String.fromCharCode(97 + 25 - (letter.charCodeAt(0) - 97))),
  url: (text) => Array.from(bytes(text), (byte) => `%${byte.toString(16)}`).join(''),
  html: (text) => Array.from(text, (letter) => `&#${letter.charCodeAt(0)};`).join(''),
  escaped: (text) => Array.from(text, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  binary: (text) => eachByte(text, 2, 8, ' '),
  octal: (text) => eachByte(text, 8, 3, ' '),
  decimal: (text) => eachByte(text, 10, 1, ' '),
  gzip: (text) => gzipSync(text).toString('base64'),
  deflate: (text) => deflateRawSync(text).toString('hex'),
  spelled: (text) => Array.from(text, (letter) => words[letter] ?? letter).join(' '),
} as const satisfies Readonly<Record<string, (text: string) => string>>
