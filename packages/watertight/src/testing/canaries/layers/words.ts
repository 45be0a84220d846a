import type { Layer } from './layer.ts'

/** Reads words and signs that each stand for one letter: spelling alphabets, names of letters, Morse, uuencode. */
export function* readWords(text: string): Iterable<Layer> {
  yield* readSpelled(text)
  yield* readMorse(text)
  yield* readUuencode(text)
  yield* readBraille(text)
}

const spelling = new Map(
  Object.entries({
    a: 'alfa alpha able adam ay',
    b: 'bravo baker boy bee',
    c: 'charlie charles cee sea',
    d: 'delta dog david dee',
    e: 'echo easy edward ee',
    f: 'foxtrot fox frank eff',
    g: 'golf george gee',
    h: 'hotel how henry aitch',
    i: 'india item ida eye',
    j: 'juliett juliet jig john jay',
    k: 'kilo king kay',
    l: 'lima love lincoln ell',
    m: 'mike mary em',
    n: 'november nan nora en',
    o: 'oscar oboe ocean oh',
    p: 'papa peter pee',
    q: 'quebec queen cue queue kew',
    r: 'romeo roger robert ar',
    s: 'sierra sugar sam ess',
    t: 'tango tare tom tee',
    u: 'uniform uncle union you',
    v: 'victor vee',
    w: 'whiskey whisky william doubleyou doubleu',
    x: 'xray ex',
    y: 'yankee yoke young wye why',
    z: 'zulu zebra zee zed',
    '0': 'zero',
    '1': 'one',
    '2': 'two',
    '3': 'three',
    '4': 'four',
    '5': 'five fife',
    '6': 'six',
    '7': 'seven',
    '8': 'eight',
    '9': 'nine niner',
  }).flatMap(([letter, words]) => words.split(' ').map((word) => [word, letter] as const)),
)

// Words that are none of these end a run, but for the small ones in "J as in Juliett".
function* readSpelled(text: string): Iterable<Layer> {
  let run = ''
  let offset = 0
  for (const { 0: word, index } of text.matchAll(/[A-Za-z]+(?:-ray)?/gi)) {
    const plain = word.toLowerCase().replace('-', '')
    const letter = spelling.get(plain)
    if (letter !== undefined) {
      if (run === '') offset = index
      run += letter
    } else if (plain.length > 3) {
      if (run.length >= 10) yield { steps: ['spelled'], offset, content: run }
      run = ''
    }
  }
  if (run.length >= 10) yield { steps: ['spelled'], offset, content: run }
}

const morse = new Map(
  (
    'a.- b-... c-.-. d-.. e. f..-. g--. h.... i.. j.--- k-.- l.-.. m-- n-. o--- p.--. q--.- r.-. s... t- u..- v...- w.-- ' +
    'x-..- y-.-- z--.. 0----- 1.---- 2..--- 3...-- 4....- 5..... 6-.... 7--... 8---.. 9----.'
  )
    .split(' ')
    .map((entry) => [entry.slice(1), entry.charAt(0)] as const),
)

function* readMorse(text: string): Iterable<Layer> {
  const signs = text
    .replaceAll(/\b(?:dit|di|dot)[\s.-]?/gi, '.')
    .replaceAll(/\b(?:dah|dash)[\s.-]?/gi, '-')
    .replaceAll(/[·•∙⋅*]/g, '.')
    .replaceAll(/[−–—‐_]/g, '-')
  for (const { 0: run, index } of signs.matchAll(/[.-]{1,6}(?:[\s/|,;]{1,3}[.-]{1,6}){7,}/g)) {
    const letters = run.split(/[\s/|,;]+/).map((sign) => morse.get(sign) ?? ' ')
    yield { steps: ['morse'], offset: index, content: letters.join('') }
  }
}

// A line of uuencode begins with its length; xxencode is the same with another alphabet.
function* readUuencode(text: string): Iterable<Layer> {
  let decoded = ''
  let offset = -1
  for (const { 0: line, index } of text.matchAll(/^[!-M].{4,84}$/gm)) {
    const size = (line.charCodeAt(0) - 32) & 63
    const body = line.slice(1).padEnd(Math.ceil(size / 3) * 4, ' ')
    if (line.length - 1 > Math.ceil(size / 3) * 4 + 2 || line.length - 1 < Math.ceil((size * 4) / 3) - 4) continue
    const values = Array.from(body, (sign) => (sign.charCodeAt(0) - 32) & 63)
    const bytes: number[] = []
    for (let at = 0; at < values.length; at += 4) {
      const [first = 0, second = 0, third = 0, fourth = 0] = values.slice(at, at + 4)
      const number = (first << 18) | (second << 12) | (third << 6) | fourth
      bytes.push(number >>> 16, (number >>> 8) & 255, number & 255)
    }
    if (offset === -1) offset = index
    decoded += Buffer.from(bytes.slice(0, size)).toString('latin1')
  }
  if (decoded.length >= 8) yield { steps: ['uuencode'], offset, content: decoded }
}

function* readBraille(text: string): Iterable<Layer> {
  // The cells are letters to every search already; here they lose what stands between them.
  const offset = text.search(/[\u2801-\u283f]/)
  const cells = text.match(/[\u2801-\u283f]/g) ?? []
  if (cells.length >= 8) yield { steps: ['braille'], offset, content: cells.join('') }
}
