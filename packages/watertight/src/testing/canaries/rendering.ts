/** How a canary was rendered; a finding lists the steps from the outside in. */
export type CanaryRendering =
  // letter by letter
  | 'exact'
  | 'case' // letters of the other case
  | 'separators' // spaces, line breaks, punctuation, digits or tags between the letters
  | 'invisible' // characters without width or of control between the letters, bidirectional ones among them
  | 'accents' // marks above, below or through the letters
  | 'compatibility' // full-width, mathematical, circled and other forms of the same letters
  | 'look-alike-letters' // Cyrillic, Greek, turned, small-capital and other letters
  | 'leet' // digits and signs for letters
  | 'filler' // other letters between the letters
  | 'interleaved' // every second, third or fourth letter
  | 'wide-characters' // UTF-16 or UTF-32 read byte by byte
  | 'tag-characters' // the invisible copy of ASCII in Unicode
  // order
  | 'reversed'
  | 'transposed' // rail fence, columns, swapped groups
  // substitution
  | 'rot13'
  | 'atbash'
  | 'caesar' // another shift of the alphabet
  | 'rot47'
  | 'xor' // each character combined with one same number
  | 'substitution' // another symbol, number or word for each letter
  | 'letter-numbers' // a = 1 or 0
  // codes
  | 'base64' // in any of its alphabets
  | 'base32'
  | 'base58'
  | 'base45'
  | 'base85'
  | 'big-number' // the bytes as one number, in decimal, base 36 or base 62
  | 'hex'
  | 'binary'
  | 'octal'
  | 'decimal'
  | 'bits' // two symbols of any kind: blanks and tabs, characters without width, small and capital letters
  | 'url'
  | 'html'
  | 'escapes' // of JavaScript, JSON, C, CSS and Unicode
  | 'quoted-printable'
  | 'uuencode'
  | 'morse'
  | 'braille'
  | 'spelled' // Juliett, Kilo; jay, kay
  | 'compressed' // gzip, zlib, deflate, brotli, zstd
  | 'json' // a JSON text inside a text
  | 'markup' // tags taken out
  // hidden in other text
  | 'acrostic' // first or last letters of words, lines, sentences or fields
  | 'marked' // capitals, or what stands in quotes, brackets or asterisks
  | 'column' // read downwards
  | 'word-list' // the first, last or only differing word of each line or field
  // across a value
  | 'split' // over fields, items, turns, keys or values
  | 'pieces' // in any order
  | 'keys' // in the names of members
