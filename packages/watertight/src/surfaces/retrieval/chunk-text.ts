/** A part of a document: the headings that it stands under, and its text. */
export interface TextChunk {
  /** the headings from the outermost in, joined by ' › '; '' outside of any */
  readonly heading: string
  readonly text: string
}

const headingLine = /^(#{1,6})\s+(.+?)\s*#*$/
const fence = /^\s*(```|~~~)/

/**
 * Cuts Markdown or plain text along its structure: never across a heading, between paragraphs where it can, between
 * sentences or words where a paragraph is too long. A fenced block counts as one paragraph.
 *
 * @param text the document
 * @param maximum the longest chunk, in characters
 */
export function chunkText(text: string, maximum: number): readonly TextChunk[] {
  const chunks: TextChunk[] = []
  for (const { heading, paragraphs } of readSections(text)) {
    for (const body of packParagraphs(paragraphs, maximum)) chunks.push({ heading, text: body })
  }
  return chunks
}

interface Section {
  readonly heading: string
  readonly paragraphs: string[]
}

function readSections(text: string): readonly Section[] {
  const path: { level: number; title: string }[] = []
  const sections: Section[] = [{ heading: '', paragraphs: [] }]
  let lines: string[] = []
  let fenced = false
  const endParagraph = () => {
    const paragraph = lines.join('\n').trim()
    if (paragraph !== '') sections.at(-1)?.paragraphs.push(paragraph)
    lines = []
  }
  for (const line of text.split(/\r?\n/)) {
    const [, marks, title] = fenced ? [] : (headingLine.exec(line) ?? [])
    if (fence.test(line)) fenced = !fenced
    if (marks !== undefined && title !== undefined) {
      endParagraph()
      while ((path.at(-1)?.level ?? 0) >= marks.length) path.pop()
      path.push({ level: marks.length, title })
      sections.push({ heading: path.map((entry) => entry.title).join(' › '), paragraphs: [] })
    } else if (line.trim() === '' && !fenced) endParagraph()
    else lines.push(line)
  }
  endParagraph()
  return sections
}

function* packParagraphs(paragraphs: readonly string[], maximum: number): Iterable<string> {
  let packed = ''
  for (const piece of paragraphs.flatMap((paragraph) => splitLong(paragraph, maximum))) {
    if (packed !== '' && packed.length + 2 + piece.length > maximum) {
      yield packed
      packed = ''
    }
    packed = packed === '' ? piece : `${packed}\n\n${piece}`
  }
  if (packed !== '') yield packed
}

// At the last end of a sentence in reach, else the last space, else hard; never inside a surrogate pair.
function splitLong(text: string, maximum: number): readonly string[] {
  const pieces: string[] = []
  let rest = text
  while (rest.length > maximum) {
    const reach = rest.slice(0, maximum)
    const sentence = Math.max(reach.lastIndexOf('. '), reach.lastIndexOf('! '), reach.lastIndexOf('? '), reach.lastIndexOf('\n')) + 1
    const space = reach.lastIndexOf(' ')
    let cut = sentence > maximum / 3 ? sentence : space > maximum / 3 ? space : maximum
    if (/[\uD800-\uDBFF]/.test(rest.charAt(cut - 1))) cut--
    pieces.push(rest.slice(0, cut).trim())
    rest = rest.slice(cut).trim()
  }
  return [...pieces, rest].filter((piece) => piece !== '')
}
