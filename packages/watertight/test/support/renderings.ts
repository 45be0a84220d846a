import { brotliCompressSync, crc32, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'

// How each rendering is made, written apart from how it is read: nothing here comes from the detector.

const letters = (value: string) => Array.from(value)
const bytesOf = (value: string) => Buffer.from(value)
const base64 = (value: string | Uint8Array) => Buffer.from(value).toString('base64')
const hex = (value: string | Uint8Array) => Buffer.from(value).toString('hex')
const reverse = (value: string) => letters(value).toReversed().join('')
const codes = (value: string, base: number, pad = 0) =>
  letters(value).map((letter) => letter.charCodeAt(0).toString(base).padStart(pad, '0'))
const shift = (value: string, by: number) =>
  value.replaceAll(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + by) % 26) + 97))
const replace = (value: string, from: string, to: readonly string[]) =>
  letters(value)
    .map((letter) => to[from.indexOf(letter)] ?? letter)
    .join('')
const moved = (value: string, start: number) =>
  letters(value)
    .map((letter) => String.fromCodePoint(start + letter.charCodeAt(0) - 97))
    .join('')
const cut = (value: string, size: number) => value.match(new RegExp(`.{1,${size}}`, 'gs')) ?? []
const bits = (value: string, width = 8) => codes(value, 2, width)
const digitsOf = (value: string, alphabet: string) => {
  let number = BigInt(`0x${hex(value)}`)
  let digits = ''
  for (; number > 0n; number /= BigInt(alphabet.length))
    digits = alphabet.charAt(Number(number % BigInt(alphabet.length))) + digits
  return digits
}
const base32 = (value: string, alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567') =>
  (
    bits(value)
      .join('')
      .match(/.{1,5}/g) ?? []
  )
    .map((five) => alphabet.charAt(Number.parseInt(five.padEnd(5, '0'), 2)))
    .join('')
const base85 = (value: string, alphabet: string) =>
  cut(value, 4)
    .map((four) => {
      let number = Buffer.from(four.padEnd(4, '\0'), 'latin1').readUInt32BE()
      let digits = ''
      for (let at = 0; at < 5; at++) {
        digits = alphabet.charAt(number % 85) + digits
        number = Math.floor(number / 85)
      }
      return digits.slice(0, four.length + 1)
    })
    .join('')
const ascii85 = Array.from({ length: 85 }, (_none, at) => String.fromCharCode(at + 33)).join('')
const base45 = (value: string) => {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
  return cut(value, 2)
    .map((pair) => {
      const number = pair.length === 2 ? pair.charCodeAt(0) * 256 + pair.charCodeAt(1) : pair.charCodeAt(0)
      const digits = [number % 45, Math.floor(number / 45) % 45, Math.floor(number / 2025)]
      return digits
        .slice(0, pair.length + 1)
        .map((digit) => alphabet.charAt(digit))
        .join('')
    })
    .join('')
}
const fence = (value: string, rails: number) => {
  const rows: string[] = Array.from({ length: rails }, () => '')
  let row = 0
  let step = 1
  for (const letter of value) {
    rows[row] += letter
    if (row + step < 0 || row + step >= rails) step = -step
    row += step
  }
  return rows.join('')
}
const columns = (value: string, count: number) =>
  Array.from({ length: count }, (_none, column) =>
    letters(value)
      .filter((_letter, at) => at % count === column)
      .join(''),
  ).join('')
const qp = (value: string) =>
  codes(value, 16, 2)
    .map((code) => `=${code.toUpperCase()}`)
    .join('')
const uu = (value: string) => {
  const body = cut(value, 3).map((three) => {
    const [a = 0, b = 0, c = 0] = bytesOf(three)
    return [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63]
      .map((six) => String.fromCharCode(six === 0 ? 96 : six + 32))
      .join('')
  })
  return `begin 644 note.txt\n${String.fromCharCode(32 + value.length)}${body.join('')}\n\`\nend`
}
const nato =
  'alfa bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey x-ray yankee zulu'.split(
    ' ',
  )
const morse =
  '.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..'.split(
    ' ',
  )
/** An archive of one file, as far as a reader goes that does not look for its directory. */
const zip = (name: string, text: string, method = 8) => {
  const header = Buffer.alloc(30)
  const body = method === 0 ? bytesOf(text) : deflateRawSync(text)
  header.write('PK\x03\x04', 'latin1')
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(method, 8)
  header.writeUInt32LE(crc32(text), 14)
  header.writeUInt32LE(body.length, 18)
  header.writeUInt32LE(text.length, 22)
  header.writeUInt16LE(name.length, 26)
  return Buffer.concat([header, Buffer.from(name), body, Buffer.from('PK\x05\x06\0\0\0\0', 'latin1')])
}
const cover =
  'Thanks for writing to us about the invoice and the other matter that came up on the phone. We are sorry for the delay here and will send a new one as soon as our team has had time to look at the rest. Please let us know if there is more that we can do in the meantime, and do tell Dana hello from all of us.'
const names = { j: 'Jonas', k: 'Karla', q: 'Quentin', v: 'Vera', x: 'Xenia', z: 'Zoe' }
const word = (letter: string) => Object.entries(names).find(([first]) => first === letter)?.[1] ?? letter
const lettersOf = 'jkqvxz'
const interleave = (value: string, filler: readonly string[]) =>
  letters(value)
    .map((letter, at) => letter + filler[at % filler.length])
    .join('')
const hidden = (value: string, zero: string, one: string) =>
  bits(value).join('').replaceAll('0', zero).replaceAll('1', one)

/** Each rendering of a canary by its name, from the plainest on. */
export const renderings: Readonly<Record<string, (value: string) => unknown>> = {
  exact: (value) => `The phrase is ${value}.`,
  'upper case': (value) => value.toUpperCase(),
  'title case': (value) => value.charAt(0).toUpperCase() + value.slice(1),
  'alternating case': (value) =>
    letters(value)
      .map((letter, at) => (at % 2 === 0 ? letter : letter.toUpperCase()))
      .join(''),
  'one space between letters': (value) => letters(value).join(' '),
  'groups of four': (value) => cut(value, 4).join(' '),
  'dashes and dots': (value) => cut(value, 5).join('-').replaceAll('k', 'k.'),
  'one letter in each line': (value) => letters(value).join('\n'),
  'commas and quotes': (value) =>
    letters(value)
      .map((letter) => `"${letter}"`)
      .join(', '),
  'joined strings of code': (value) =>
    cut(value, 3)
      .map((part) => `'${part}'`)
      .join(' + '),
  'digits between letters': (value) => interleave(value, ['1', '22', '7']),
  'emoji between letters': (value) => interleave(value, ['🙂', '👍🏽']),
  'zero-width characters': (value) => interleave(value, ['\u200b', '\u200d', '\u2060']),
  'bidirectional characters': (value) => `\u202e${interleave(value, ['\u202d', '\u2067'])}\u202c`,
  'soft hyphens': (value) => interleave(value, ['\u00ad']),
  'control characters': (value) => interleave(value, ['\u0007']),
  'combining marks': (value) => interleave(value, ['\u0301', '\u0323\u0336']),
  reversed: reverse,
  'reversed with spaces': (value) => letters(reverse(value)).join(' '),
  'every word backwards': (value) => cut(value, 6).map(reverse).join(' '),
  'pairs swapped': (value) => cut(value, 2).map(reverse).join(''),
  'halves swapped': (value) => value.slice(12) + value.slice(0, 12),
  'first letter of each word last': (value) =>
    cut(value, 6)
      .map((part) => part.slice(1) + part.charAt(0))
      .join(' '),
  'rail fence of 2': (value) => fence(value, 2),
  'rail fence of 3': (value) => fence(value, 3),
  'columns of 4': (value) => columns(value, 4),
  'columns of 6': (value) => columns(value, 6),
  base64: (value) => `data: ${base64(value)}`,
  'base64 of a sentence, alignment 1': (value) => base64(`x ${value} y`),
  'base64 of a sentence, alignment 2': (value) => base64(`xy ${value} and more`),
  'base64 for addresses, no padding': (value) => Buffer.from(`?>${value}`).toString('base64url'),
  'base64 run into a word': (value) => `token${base64(`hello ${value}`)}`,
  'base64 twice': (value) => base64(base64(value)),
  'base64 five times': (value) => base64(base64(base64(base64(base64(value))))),
  'base64 in wrapped lines': (value) => cut(base64(`${cover} ${value}`), 20).join('\r\n'),
  'base64 spaced out': (value) => letters(base64(value)).join(' '),
  'base64 with dashes': (value) => cut(base64(value), 5).join('-'),
  'base64 in lower case': (value) => base64(value).toLowerCase(),
  'base64 backwards': (value) => reverse(base64(value)),
  'base64 of backwards': (value) => base64(reverse(value)),
  'base64 of upper case': (value) => base64(value.toUpperCase()),
  'base64 of each piece': (value) => cut(value, 4).map(base64).join(' '),
  'base64 under rot13': (value) =>
    base64(value).replaceAll(/[a-z]/gi, (letter) =>
      String.fromCharCode(
        (letter <= 'Z' ? 90 : 122) >= letter.charCodeAt(0) + 13 ? letter.charCodeAt(0) + 13 : letter.charCodeAt(0) - 13,
      ),
    ),
  'base64 of UTF-16': (value) => Buffer.from(value, 'utf16le').toString('base64'),
  base32: (value) => `${base32(value)}=`,
  'base32 in small letters': (value) => base32(`id ${value}`).toLowerCase(),
  'base32 in groups': (value) => cut(base32(value), 4).join(' '),
  'base32 of Crockford': (value) => base32(value, '0123456789ABCDEFGHJKMNPQRSTVWXYZ'),
  base32hex: (value) => base32(value, '0123456789ABCDEFGHIJKLMNOPQRSTUV'),
  base58: (value) => digitsOf(value, '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'),
  base62: (value) => digitsOf(value, '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'),
  base36: (value) => BigInt(`0x${hex(value)}`).toString(36),
  'one decimal number': (value) => BigInt(`0x${hex(value)}`).toString(),
  'one big integer': (value) => BigInt(`0x${hex(value)}`),
  base45: (value) => base45(value),
  ascii85: (value) => `<~${base85(value, ascii85)}~>`,
  z85: (value) =>
    base85(value, '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'),
  hex,
  'hex in capitals': (value) => hex(value).toUpperCase(),
  'hex spaced': (value) => cut(hex(value), 2).join(' '),
  'hex with colons': (value) => cut(hex(value), 2).join(':'),
  'hex with 0x': (value) =>
    cut(hex(value), 2)
      .map((pair) => `0x${pair}`)
      .join(', '),
  'hex with one 0x': (value) => `0x${hex(value)}`,
  'hex backwards': (value) => reverse(hex(value)),
  'hex of UTF-16': (value) => Buffer.from(value, 'utf16le').toString('hex'),
  'hex of base64': (value) => hex(base64(value)),
  'a dump of hex': (value) =>
    cut(hex(value), 16)
      .map((line, at) => `000000${at}0: ${cut(line, 4).join(' ')}`)
      .join('\n'),
  'binary spaced': (value) => bits(value).join(' '),
  'binary in one': (value) => bits(value).join(''),
  'binary of 7 bits': (value) => bits(value, 7).join(''),
  'binary upside down': (value) =>
    bits(value)
      .join('')
      .replaceAll(/[01]/g, (bit) => (bit === '0' ? '1' : '0')),
  'binary in letters': (value) => hidden(value, 'a', 'b'),
  'decimal codes': (value) => codes(value, 10).join(' '),
  'decimal codes in a list': (value) => letters(value).map((letter) => letter.charCodeAt(0)),
  'decimal codes without separators': (value) => codes(value, 10).join(''),
  'decimal codes by index': (value) => Object.fromEntries(bytesOf(value).entries()),
  'octal codes': (value) => codes(value, 8).join(' '),
  'octal escapes': (value) =>
    codes(value, 8, 3)
      .map((code) => `\\${code}`)
      .join(''),
  'codes plus 1000': (value) =>
    letters(value)
      .map((letter) => letter.charCodeAt(0) + 1000)
      .join(','),
  'numbers of letters': (value) =>
    letters(value)
      .map((letter) => letter.charCodeAt(0) - 96)
      .join('-'),
  'numbers of letters from 0': (value) =>
    letters(value)
      .map((letter) => letter.charCodeAt(0) - 97)
      .join(' '),
  'numbers of letters in two digits': (value) =>
    letters(value)
      .map((letter) => String(letter.charCodeAt(0) - 96).padStart(2, '0'))
      .join(''),
  'squares of Polybius': (value) =>
    letters(value)
      .map((letter) => `${Math.floor((letter.charCodeAt(0) - 97) / 6) + 1}${((letter.charCodeAt(0) - 97) % 6) + 1}`)
      .join(' '),
  'keys of a telephone': (value) =>
    replace(value, lettersOf, ['5', '55', '77', '888', '99', '9999']).length > 0
      ? letters(value)
          .map((letter) => ['5', '55', '77', '888', '99', '9999'][lettersOf.indexOf(letter)])
          .join(' ')
      : '',
  rot13: (value) => shift(value, 13),
  'rot13 in capitals with dashes': (value) => cut(shift(value, 13).toUpperCase(), 4).join('-'),
  'rot13 backwards': (value) => reverse(shift(value, 13)),
  'shift by 3': (value) => shift(value, 3),
  'shift by 25': (value) => shift(value, 25),
  'shift by 7, spaced': (value) => letters(shift(value, 7)).join(' '),
  atbash: (value) =>
    letters(value)
      .map((letter) => String.fromCharCode(219 - letter.charCodeAt(0)))
      .join(''),
  rot47: (value) =>
    letters(value)
      .map((letter) => String.fromCharCode(33 + ((letter.charCodeAt(0) + 14) % 94)))
      .join(''),
  'a keyed alphabet': (value) => replace(value, lettersOf, ['m', 'a', 't', 'e', 'r', 'l']),
  'neighbours on the keyboard': (value) => replace(value, lettersOf, ['k', 'l', 'w', 'b', 'c', 'x']),
  'emoji for letters': (value) => replace(value, lettersOf, ['🍎', '🍌', '🍒', '🥝', '🍇', '🍋']),
  'words for letters': (value) =>
    letters(value)
      .map((letter) => ['red', 'blue', 'green', 'white', 'black', 'pink'][lettersOf.indexOf(letter)])
      .join(' '),
  'bytes combined with one key': (value) => Buffer.from(bytesOf(value).map((byte) => byte ^ 0x5a)),
  'base64 of bytes combined with one key': (value) => base64(bytesOf(value).map((byte) => byte ^ 0xa7)),
  'hex of bytes combined with one key': (value) => hex(bytesOf(value).map((byte) => byte ^ 0x13)),
  'bytes with the high bit': (value) => Buffer.from(bytesOf(value).map((byte) => byte | 0x80)),
  'Cyrillic letters': (value) => replace(value, 'jkqvxz', ['ј', 'к', 'ԛ', 'ѵ', 'х', 'z']),
  'Greek letters': (value) => replace(value, 'jkvxz', ['ϳ', 'κ', 'ν', 'χ', 'ζ']),
  'some letters of other scripts': (value) => value.replaceAll('x', 'х').replace('k', 'κ'),
  Braille: (value) => replace(value, lettersOf, ['⠚', '⠅', '⠟', '⠧', '⠭', '⠵']),
  'full-width letters': (value) => moved(value, 0xff41),
  'mathematical letters': (value) => moved(value, 0x1d41a),
  'script letters': (value) => moved(value, 0x1d4ea),
  'letters of a typewriter': (value) => moved(value, 0x1d68a),
  'circled letters': (value) => moved(value, 0x24d0),
  'letters in parentheses': (value) => moved(value, 0x249c),
  'negative squares': (value) => moved(value, 0x1f170),
  'regional indicators': (value) => letters(moved(value, 0x1f1e6)).join(''),
  'small capitals': (value) => replace(value, 'jkvz', ['ᴊ', 'ᴋ', 'ᴠ', 'ᴢ']),
  'upside down': (value) => reverse(replace(value, 'jkv', ['ɾ', 'ʞ', 'ʌ'])),
  'strokes through letters': (value) => replace(value, 'jkqvz', ['ɉ', 'ꝁ', 'ꝗ', 'ꝟ', 'ƶ']),
  'tag characters': (value) => `All is well.${moved(value, 0xe0061)}`,
  'variation selectors': (value) =>
    `😀${letters(value)
      .map((letter) => String.fromCodePoint(0xe0100 + letter.charCodeAt(0) - 16))
      .join('')}`,
  'bits without width': (value) => `No secret here.${hidden(value, '\u200b', '\u200c')} None.`,
  'bits without width, with separators': (value) =>
    `None.${bits(value).join(' ').replaceAll('0', '\u200b').replaceAll('1', '\u200c').replaceAll(' ', '\u200d')}`,
  'blanks and tabs': (value) => `Hello\n${cut(hidden(value, ' ', '\t'), 8).join('\n')}\nBye`,
  'case of letters': (value) =>
    letters('the quick brown fox jumps over the lazy dog and '.repeat(9).replaceAll(' ', ''))
      .slice(0, 192)
      .map((letter, at) => (bits(value).join('').charAt(at) === '1' ? letter.toUpperCase() : letter))
      .join(''),
  'cipher of Bacon': (value) =>
    letters(value)
      .map((letter) =>
        (letter.charCodeAt(0) - 97).toString(2).padStart(5, '0').replaceAll('0', 'A').replaceAll('1', 'B'),
      )
      .join(' '),
  leet: (value) => value.replaceAll('z', '2').replaceAll('q', '9'),
  'drawn letters': (value) => replace(value, 'jkvx', ['_|', '|<', String.raw`\/`, '><']),
  'URL, whole': (value) =>
    codes(value, 16, 2)
      .map((code) => `%${code}`)
      .join(''),
  'URL, in part': (value) => value.replaceAll('q', '%71').replaceAll('x', '%78'),
  'URL, twice': (value) =>
    encodeURIComponent(
      codes(value, 16, 2)
        .map((code) => `%${code}`)
        .join(''),
    ),
  'URL with %u': (value) =>
    codes(value, 16, 4)
      .map((code) => `%u${code}`)
      .join(''),
  'HTML decimal': (value) =>
    codes(value, 10)
      .map((code) => `&#${code};`)
      .join(''),
  'HTML hex': (value) =>
    codes(value, 16)
      .map((code) => `&#x${code.toUpperCase()};`)
      .join(''),
  'HTML padded, without semicolons': (value) =>
    codes(value, 10, 7)
      .map((code) => `&#${code}`)
      .join(''),
  'HTML named': (value) =>
    letters(value)
      .map((letter) => `&${letter}opf;`)
      .join(''),
  'HTML tags between': (value) =>
    cut(value, 2)
      .map((part, at) => (at % 2 === 0 ? `<b class="k">${part}</b>` : `<i>${part}</i>`))
      .join(''),
  'HTML comments between': (value) => cut(value, 3).join('<!-- jazz -->'),
  'JavaScript escapes': (value) =>
    codes(value, 16, 4)
      .map((code) => String.raw`\u${code}`)
      .join(''),
  'JavaScript escapes with braces': (value) =>
    codes(value, 16)
      .map((code) => String.raw`\u{${code}}`)
      .join(''),
  'JavaScript bytes': (value) =>
    codes(value, 16, 2)
      .map((code) => String.raw`\x${code}`)
      .join(''),
  'escapes twice': (value) =>
    JSON.stringify(
      codes(value, 16, 4)
        .map((code) => String.raw`\u${code}`)
        .join(''),
    ),
  'escapes of CSS': (value) =>
    codes(value, 16)
      .map((code) => `\\${code} `)
      .join(''),
  'code points': (value) =>
    codes(value, 16, 4)
      .map((code) => `U+${code.toUpperCase()}`)
      .join(' '),
  'names of code points': (value) =>
    letters(value)
      .map((letter) => `LATIN SMALL LETTER ${letter.toUpperCase()}`)
      .join(', '),
  'quoted-printable': qp,
  'quoted-printable, wrapped': (value) => cut(value, 7).join('=\r\n'),
  'word of a mail header': (value) => `=?UTF-8?B?${base64(value)}?= and =?UTF-8?Q?${qp(value)}?=`,
  uuencode: uu,
  morse: (value) =>
    letters(value)
      .map((letter) => morse[letter.charCodeAt(0) - 97])
      .join(' '),
  'morse in other signs': (value) =>
    letters(value)
      .map((letter) => morse[letter.charCodeAt(0) - 97])
      .join(' / ')
      .replaceAll('.', '·')
      .replaceAll('-', '−'),
  'morse spoken': (value) =>
    letters(value)
      .map((letter) =>
        letters(morse[letter.charCodeAt(0) - 97] ?? '')
          .map((sign) => (sign === '.' ? 'dit' : 'dah'))
          .join(' '),
      )
      .join(' / '),
  'NATO alphabet': (value) =>
    letters(value)
      .map((letter) => nato[letter.charCodeAt(0) - 97])
      .join(' '),
  'NATO alphabet explained': (value) =>
    letters(value)
      .map((letter) => `${letter} as in ${nato[letter.charCodeAt(0) - 97]}`)
      .join(', '),
  'names of letters': (value) =>
    letters(value)
      .map((letter) => ['jay', 'kay', 'cue', 'vee', 'ex', 'zee'][lettersOf.indexOf(letter)])
      .join(' '),
  'gzip and base64': (value) => base64(gzipSync(`${cover} ${value}`)),
  'deflate and base64': (value) => base64(deflateSync(value)),
  'raw deflate and base64': (value) => base64(deflateRawSync(`${cover} ${value}`)),
  'brotli and base64': (value) => base64(brotliCompressSync(`${cover} ${value}`)),
  'gzip and hex': (value) => hex(gzipSync(value)),
  'base64, gzip and base64': (value) => base64(gzipSync(base64(value))),
  'gzip bytes': (value) => gzipSync(value),
  'gzip within bytes': (value) => Buffer.concat([Buffer.from([1, 2, 3]), gzipSync(value)]),
  'brotli bytes': (value) => new Uint8Array(brotliCompressSync(`${cover}${value}`)),
  bytes: (value) => new TextEncoder().encode(value),
  'bytes of UTF-16': (value) => Buffer.from(value, 'utf16le'),
  'bytes of UTF-16, big-endian': (value) => Buffer.from(value, 'utf16le').swap16(),
  'bytes of UTF-32': (value) => Buffer.from(Uint32Array.from(letters(value), (letter) => letter.charCodeAt(0)).buffer),
  'bytes of UTF-16 in full width': (value) => Buffer.from(moved(value, 0xff41), 'utf16le'),
  'a buffer': (value) => new TextEncoder().encode(value).buffer,
  'a buffer as JSON': (value) => JSON.stringify(bytesOf(value)),
  'filler of common letters': (value) => interleave(value, ['a', 'e', 'o']),
  'every second letter': (value) => interleave(value, ['k', 'x', 'j']),
  'every third letter': (value) => interleave(value, ['qz', 'jv']),
  'each letter twice': (value) =>
    interleave(value, letters('')).length > 0
      ? letters(value)
          .map((letter) => letter + letter)
          .join('')
      : '',
  syllables: (value) =>
    letters(value)
      .map((letter, at) => letter + ['a', 'ei', 'o', 'um'][at % 4])
      .join(''),
  'first letters of words': (value) => letters(value).map(word).join(' '),
  'first letters of lines': (value) =>
    letters(value)
      .map((letter) => `${word(letter)} said that the kiosk was next to the quay.`)
      .join('\n'),
  'last letters of lines': (value) =>
    letters(value)
      .map((letter) => `we bought the box, and it is ${letter}`)
      .join('\n'),
  'first letters of sentences': (value) =>
    letters(value)
      .map((letter) => `${word(letter)} took part.`)
      .join(' '),
  'first letters of a list': (value) => letters(value).map(word),
  'first letters of a numbered list': (value) =>
    letters(value)
      .map((letter, at) => `${at + 1}. ${word(letter)} joined the board`)
      .join('\n'),
  'capitals in a text': (value) =>
    letters(cover.toLowerCase().replaceAll(/[a-z]+ /g, (all) => all))
      .reduce((text, letter) => text + letter, '')
      .replaceAll(/\.? [a-z]/g, (all) => all)
      .split(' ')
      .slice(0, 24)
      .map((all, at) => all + value.charAt(at).toUpperCase())
      .join(' '),
  'letters in brackets': (value) =>
    letters(value)
      .map((letter) => `some words [${letter}]`)
      .join(' '),
  'bold letters': (value) =>
    letters(value)
      .map((letter) => `ju**${letter}**st`)
      .join(' '),
  'a column of a table': (value) =>
    letters(value)
      .map((letter, at) => `row ${at}|${letter}|next`)
      .join('\n'),
  downwards: (value) =>
    letters(value)
      .map((letter) => `zx${letter}qv`)
      .join('\n'),
  'split over two fields': (value) => ({ first: value.slice(0, 12), second: value.slice(12) }),
  'split over four fields': (value) => ({
    a: value.slice(0, 6),
    b: value.slice(6, 12),
    c: value.slice(12, 18),
    d: value.slice(18),
  }),
  'split over fields among others': (value) => ({
    id: 7,
    note: `one ${value.slice(0, 9)}`,
    ok: true,
    more: { text: `two ${value.slice(9, 17)}` },
    last: value.slice(17),
  }),
  'split over items': (value) => cut(value, 2),
  'one letter in each item': letters,
  'split over one field of many items': (value) =>
    cut(value, 3).map((text, at) => ({ id: `T-${at}`, title: 'Next visit', text })),
  'split over turns': (value) =>
    cut(value, 4).map((text, at) => ({ role: at % 2 === 0 ? 'assistant' : 'user', content: text })),
  'split over turns with other words': (value) =>
    cut(value, 6).map((text, at) => `Part ${at + 1} of 4: ${text} and that is all for now`),
  'split over turns in small pieces': (value) =>
    cut(value, 2).map((text, at) => `Here comes number ${at + 1}, please keep it: ${text}`),
  'pieces in another order': (value) =>
    cut(value, 6)
      .toSorted()
      .map((text) => `piece: ${text}`)
      .join('; '),
  'pieces numbered and shuffled': (value) =>
    cut(value, 3)
      .map((text, index) => ({ index, text }))
      .toReversed(),
  'pieces by name': (value) =>
    Object.fromEntries(
      cut(value, 3)
        .map((text, at) => [`part_${at + 1}`, text])
        .toReversed(),
    ),
  'the name of a member': (value) => ({ [value]: 1 }),
  'split over names of members': (value) => Object.fromEntries(cut(value, 5).map((text, at) => [text, at])),
  'split over names and what they hold': (value) => ({
    [value.slice(0, 8)]: value.slice(8, 16),
    [value.slice(16, 20)]: value.slice(20),
  }),
  'base64 split over fields': (value) => ({ a: base64(value).slice(0, 15), b: base64(value).slice(15) }),
  'base64 of each field': (value) => cut(value, 5).map((text) => ({ blob: base64(text) })),
  'hex of each item': (value) => cut(value, 5).map(hex),
  'JSON in a text': (value) => `Result: ${JSON.stringify({ a: { b: cut(value, 4) } })}`,
  'JSON in JSON in JSON': (value) => JSON.stringify(JSON.stringify(JSON.stringify({ note: value }))),
  'events of a stream': (value) =>
    cut(value, 2)
      .map((delta) => `data: ${JSON.stringify({ type: 'text-delta', id: 'k1', delta })}\n\n`)
      .join(''),
  'a map and a set': (value) => new Map<string, unknown>([['k', new Set([value.slice(0, 12), value.slice(12)])]]),
  'the message of an error': (value) => new Error(`No row for ${value}`),
  'the cause of an error': (value) => new Error('Failed', { cause: { detail: value } }),
  'a file name': (value) => `exports/${value.slice(0, 10)}_${value.slice(10)}.PDF`,
  'folders of a path': (value) => `/${cut(value, 4).join('/')}/index.html`,
  'an e-mail address': (value) => `${value.slice(0, 14)}@${value.slice(14)}.example`,
  'labels of a host name': (value) => `${base32(value).toLowerCase()}.example.com`,
  'a query': (value) => `https://example.com/?q=${encodeURIComponent(base64(value))}`,
  'a picture in Markdown': (value) => `![i](https://example.com/p.png?d=${hex(value)})`,
  'a number typed in': (value) => ({ amount: BigInt(`0x${hex(value)}`) }),
  'half of it': (value) => `It begins with ${value.slice(0, 13)}.`,
  'all but a letter': (value) => `${value.slice(0, 11)}${value.slice(12)}`,
  'one letter too many': (value) => `${value.slice(0, 12)}m${value.slice(12)}`,
  'characters of SQL': (value) =>
    codes(value, 10)
      .map((code) => `CHAR(${code})`)
      .join('||'),
  'characters of Python': (value) =>
    codes(value, 10)
      .map((code) => `chr(${code})`)
      .join('+'),
  'characters of JavaScript': (value) => `String.fromCharCode(${codes(value, 10).join(',')})`,
  'an array in C': (value) =>
    `{${codes(value, 16)
      .map((code) => `0x${code.toUpperCase()}`)
      .join(', ')}}`,
  'floating numbers': (value) => letters(value).map((letter) => letter.charCodeAt(0) / 128),
  'days of a month': (value) =>
    letters(value).map((letter) => `2026-01-${String(letter.charCodeAt(0) - 96).padStart(2, '0')}`),
  'addresses of IPv6': (value) => cut(hex(value), 4).join(':'),
  'the form of a uuid': (value) => hex(value).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5 '),
  colours: (value) =>
    cut(hex(value), 6)
      .map((color) => `#${color}`)
      .join(' '),
  'a token without signature': (value) =>
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ note: value })).toString('base64url')}.`,
  'base64 in JSON in base64': (value) => base64(JSON.stringify({ note: base64(value) })),
  'base64 in other case': (value) =>
    letters(base64(value))
      .map((sign) => (sign < 'a' ? sign.toLowerCase() : sign.toUpperCase()))
      .join(''),
  'rot13 in base64': (value) => base64(shift(value, 13)),
  'a shift in hex': (value) => hex(shift(value, 7)),
  'hex of hex': (value) => hex(hex(value)),
  'hex with its digits swapped': (value) => hex(value).replaceAll(/(.)(.)/g, '$2$1'),
  'three escapes mixed': (value) =>
    letters(value)
      .map((letter, at) => [`%${hex(letter)}`, `&#${letter.charCodeAt(0)};`, String.raw`\u00${hex(letter)}`][at % 3])
      .join(''),
  'UTF-7': (value) => `+${Buffer.from(value, 'utf16le').swap16().toString('base64').replaceAll('=', '')}-`,
  'another code page': (value) =>
    Buffer.from(letters(value).map((letter) => [0x91, 0x92, 0x98, 0xa5, 0xa7, 0xa9][lettersOf.indexOf(letter)] ?? 0)),
  'bits of each byte backwards': (value) => Buffer.from(bits(value).map((byte) => Number.parseInt(reverse(byte), 2))),
  'bytes plus 42': (value) => Buffer.from(bytesOf(value).map((byte) => byte + 42)),
  'gzip as a list of numbers': (value) => ({ data: Array.from(gzipSync(value)) }),
  'gzip twice': (value) => gzipSync(gzipSync(value)),
  'circled numbers': (value) =>
    letters(value)
      .map((letter) => String.fromCodePoint(0x2460 + letter.charCodeAt(0) - 97))
      .join(' '),
  'Roman numerals': (value) =>
    letters(value)
      .map((letter) => ['X', 'XI', 'XVII', 'XXII', 'XXIV', 'XXVI'][lettersOf.indexOf(letter)])
      .join(' '),
  'numbers in words': (value) =>
    letters(value)
      .map(
        (letter) =>
          ['ten', 'eleven', 'seventeen', 'twenty-two', 'twenty-four', 'twenty-six'][lettersOf.indexOf(letter)],
      )
      .join(', '),
  'digits in words': (value) =>
    codes(value, 10)
      .map((code) =>
        letters(code)
          .map(
            (digit) => ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'][Number(digit)],
          )
          .join(' '),
      )
      .join(', '),
  'playing cards': (value) => moved(replace(value, lettersOf, ['a', 'b', 'c', 'd', 'e', 'f']), 0x1f0a1),
  'lengths of words': (value) =>
    letters(value)
      .map((letter) => 'a'.repeat(lettersOf.indexOf(letter) + 2))
      .join(' '),
  'bases of DNA': (value) =>
    letters(value)
      .map((letter) => replace(letter.charCodeAt(0).toString(4).padStart(4, '0'), '0123', ['A', 'C', 'G', 'T']))
      .join(''),
  'numbers in base 3': (value) => codes(value, 3, 5).join(''),
  'true and false': (value) => letters(bits(value).join('')).map((bit) => bit === '1'),
  'yes and no': (value) =>
    letters(bits(value).join(''))
      .map((bit) => (bit === '1' ? 'yes' : 'no'))
      .join(' '),
  'squares of two colours': (value) => bits(value).join('\n').replaceAll('0', '⬜').replaceAll('1', '🟩'),
  'pig Latin': (value) =>
    cut(value, 4)
      .map((part) => `${part.slice(1)}${part.charAt(0)}ay`)
      .join(' '),
  'letters inside words': (value) =>
    letters(value)
      .map((letter) => `re${letter}an`)
      .join(' '),
  'letters in the answers of turns': (value) =>
    letters(value).map((letter) => ({ role: 'assistant', content: `The next letter is "${letter}". Anything else?` })),
  'colours of a terminal': (value) =>
    letters(value)
      .map((letter) => `\u001b[31m${letter}\u001b[0m`)
      .join(''),
  'elements of XML': (value) =>
    letters(value)
      .map((letter) => `<c>${letter}</c>`)
      .join(''),
  'addresses of links': (value) =>
    cut(value, 6)
      .map((part) => `[x](https://a.example/${part})`)
      .join(' '),
  'arguments of two calls': (value) => [
    { name: 'send', input: { to: 'a', body: value.slice(0, 11) } },
    { name: 'send', input: { to: 'b', body: value.slice(11) } },
  ],
  'headers of a response': (value) => new Headers({ 'x-first': value.slice(0, 12), 'x-second': value.slice(12) }),
  'names of several files': (value) => cut(value, 4).map((part, at) => `part-${at}-${part}.txt`),
  'names of hosts': (value) =>
    cut(hex(value), 12)
      .map((part, at) => `${at}.${part}.example.com`)
      .join('\n'),
  'an accessor of a class': (value) =>
    new (class {
      get text() {
        return value
      }
    })(),
  'what it is as JSON': (value) => ({ toJSON: () => ({ note: value }) }),
  'the description of a symbol': (value) => ({ mark: Symbol(value) }),
  'characters of 64 bits': (value) => Float64Array.from(letters(value), (letter) => letter.charCodeAt(0)),
  'gzip behind a header and before other bytes': (value) =>
    Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), gzipSync(value), Buffer.from('and the rest of it')]),
  'a file in a zip archive': (value) => zip('notes.txt', `The note says ${value}.`),
  'a stored file in a zip archive, in base64': (value) => base64(zip('notes.txt', value, 0)),
  'a zip archive in base64': (value) => base64(zip('word/document.xml', `<t>${value}</t>`)),
  'a stream of a PDF': (value) =>
    Buffer.concat([
      Buffer.from('%PDF-1.7\n1 0 obj\n<</Filter/FlateDecode>>\nstream\n'),
      deflateSync(`BT (${value}) Tj ET`),
      Buffer.from('\nendstream\nendobj\n'),
    ]),
  'a text chunk of a PNG': (value) =>
    Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\x2azTXtComment\0\0', 'latin1'), deflateSync(value)]),
  'gzip in base32': (value) => base32(gzipSync(value).toString('latin1')),
  'gzip in ascii85': (value) => `<~${base85(gzipSync(value).toString('latin1'), ascii85)}~>`,
  'gzip in binary digits': (value) =>
    Array.from(gzipSync(value), (byte) => byte.toString(2).padStart(8, '0')).join(' '),
  'gzip, each byte as a character': (value) => gzipSync(value).toString('latin1'),
  'hex in pieces, each in a sentence of its turn': (value) =>
    cut(hex(value), 16).map((part, at) => `${['one', 'two', 'three'][at] ?? at}: ${part}.`),
  'base64 of each piece, in a sentence of its turn': (value) => cut(value, 4).map((part) => `part ${base64(part)} ok`),
  'hex of each piece, in a sentence of its turn': (value) =>
    cut(value, 3).map((part) => `Here is ${hex(part)}, as asked.`),
  'hex with the numbers of lines': (value) =>
    cut(hex(value), 8)
      .map((part, at) => `${at + 1}  ${part}`)
      .join('\n'),
  'events of a stream, with their ids': (value) =>
    cut(base64(value), 10)
      .map((part, at) => `id: ${at}\ndata: ${part}\n\n`)
      .join(''),
}
