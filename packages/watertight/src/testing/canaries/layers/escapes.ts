import type { CanaryRendering } from '../rendering.ts'
import type { Layer } from './layer.ts'

/** How often one kind of escapes is undone: each time again in what the last time gave. */
const rounds = 12

/** Reads a text with each kind of escapes undone by itself, and with all of them; a text that holds none gives nothing. */
export function readEscapes(text: string): readonly Layer[] {
  const layers = escapes.flatMap((escape) => undo(text, [escape]))
  // Undone in turn, not in every order: there are 720 of those.
  return layers.length > 1 ? [...layers, ...undo(text, escapes)] : layers
}

function undo(text: string, kinds: readonly Escape[]): readonly Layer[] {
  const steps: CanaryRendering[] = []
  let offset = text.length
  let content = text
  for (let round = 0; round < rounds; round++) {
    const before = content
    for (const { step, sign, read } of kinds) {
      const first = content.search(sign)
      const after = first === -1 ? content : read(content)
      if (after === content) continue
      content = after
      if (round === 0) offset = Math.min(offset, first)
      steps.push(step)
    }
    if (content === before) break
  }
  return content === text ? [] : [{ steps, offset, content, unescaped: true }]
}

interface Escape {
  readonly step: CanaryRendering
  readonly sign: RegExp
  readonly read: (text: string) => string
}

const escapes: readonly Escape[] = [
  {
    step: 'url',
    sign: /%u?[0-9a-f]{2}/i,
    read: (text) =>
      text
        .replaceAll(/%u([0-9a-f]{4})/gi, (_all, digits: string) => fromCode(digits, 16))
        .replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => readBytes(run.replaceAll('%', ''))),
  },
  {
    step: 'html',
    sign: /&#?\w/,
    read: (text) =>
      text
        .replaceAll(/&#x0*([0-9a-f]{1,6});?/gi, (_all, digits: string) => fromCode(digits, 16))
        .replaceAll(/&#0*(\d{1,7});?/g, (_all, digits: string) => fromCode(digits, 10))
        .replaceAll(/&([A-Za-z])(?:opf|scr|fr|circ|acute|grave|uml|caron|dot|cedil);/g, '$1')
        .replaceAll(/&(?:nbsp|shy|zwnj|zwj|lrm|rlm|ensp|emsp|thinsp|Tab|NewLine|ZeroWidthSpace);/g, '')
        .replaceAll('&quot;', '"')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&'),
  },
  {
    step: 'escapes',
    sign: /\\(?:u|x|U|N|[0-7a-fA-F])|U\+[0-9a-f]{2}/i,
    read: (text) =>
      text
        .replaceAll(/\\+u\{0*([0-9a-f]{1,6})\}/gi, (_all, digits: string) => fromCode(digits, 16))
        .replaceAll(/\\+U([0-9a-f]{8})/g, (_all, digits: string) => fromCode(digits, 16))
        .replaceAll(/\\+u([0-9a-f]{4})/gi, (_all, digits: string) => fromCode(digits, 16))
        .replaceAll(/\\+x\{?0*([0-9a-f]{2})\}?/gi, (_all, digits: string) => fromCode(digits, 16))
        .replaceAll(/U\+0*([0-9a-f]{2,6})/gi, (_all, digits: string) => fromCode(digits, 16))
        .replaceAll(/\\+N\{[A-Z ]*LETTER ([A-Z])\}/g, '$1')
        .replaceAll(/\\+(?:o\{)?([0-3]?[0-7]{2})(?![0-9a-f])\}?/gi, (_all, digits: string) => fromCode(digits, 8))
        .replaceAll(/\\+0*([0-9a-f]{2,6})(?: |(?![0-9a-f]))/gi, (_all, digits: string) => fromCode(digits, 16)),
  },
  {
    step: 'quoted-printable',
    sign: /=(?:[0-9A-F]{2}|[ \t]*\r?\n)/i,
    read: (text) =>
      text
        .replaceAll(/=[ \t]*\r?\n/g, '')
        .replaceAll(/(?:=[0-9A-F]{2})+/gi, (run) => readBytes(run.replaceAll('=', ''))),
  },
  {
    step: 'markup',
    sign: /<[^<>]*>/,
    read: (text) => dropComments(text).replaceAll(/<[^<>]*>/g, ''),
  },
  {
    // Pieces that were encoded one by one end in signs of their own, and nothing after the first of them is read otherwise.
    step: 'base64',
    sign: /[A-Za-z0-9+/_-]{2}=+[^=]*[A-Za-z0-9+/_-]{2}=/,
    read: (text) =>
      text.replaceAll(/[A-Za-z0-9+/_-]{2,}={1,2}[\s,;"']*/g, (piece) => Buffer.from(piece, 'base64').toString()),
  },
]

// By hand: an expression would look for the end of each of a million comments anew.
function dropComments(text: string): string {
  let left = ''
  let from = 0
  for (let at = text.indexOf('<!--'); at !== -1; at = text.indexOf('<!--', from)) {
    const end = text.indexOf('-->', at)
    if (end === -1) break
    left += text.slice(from, at)
    from = end + '-->'.length
  }
  return left + text.slice(from)
}

function fromCode(digits: string, base: number): string {
  const code = Number.parseInt(digits, base)
  return code <= 0x10ffff ? String.fromCodePoint(code) : ''
}

function readBytes(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  const text = bytes.toString()
  return text.includes('\ufffd') ? bytes.toString('latin1') : text
}
