/** A part of a document: the headings that it stands under, and its text. */
export interface TextChunk {
  /** the headings from the outermost in, joined by ' › '; '' outside of any */
  readonly heading: string
  readonly text: string
}

/** The most of one title that stands above each chunk of its section, in characters; a longer one is kept as text too. */
const titleLength = 100

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
  let fence = ''
  const endParagraph = () => {
    const paragraph = lines.join('\n').trim()
    if (paragraph !== '') sections.at(-1)?.paragraphs.push(paragraph)
    lines = []
  }
  for (const line of text.split(/\r?\n/)) {
    const heading = fence === '' ? readHeading(line) : undefined
    fence = fenceAfter(line, fence)
    if (heading !== undefined) {
      endParagraph()
      while ((path.at(-1)?.level ?? 0) >= heading.level) path.pop()
      path.push({ level: heading.level, title: cutAt(heading.title, titleLength) })
      sections.push({ heading: path.map((entry) => entry.title).join(' › '), paragraphs: [] })
      if (heading.title.length > titleLength) lines.push(heading.title)
    } else if (line.trim() === '' && fence === '') endParagraph()
    else lines.push(line)
  }
  endParagraph()
  return sections
}

// By hand rather than by one expression: a line may be as long as the document, and whoever wrote it may be hostile to
// expressions that go back and forth in it.
function readHeading(line: string): { level: number; title: string } | undefined {
  const [marks = ''] = /^#{1,6}(?=[ \t])/.exec(line) ?? []
  const text = line.slice(marks.length).trim()
  let end = text.length
  while (text.charAt(end - 1) === '#') end--
  // Closing marks stand apart from the title, and C# is a title.
  const title = end === 0 || /\s/.test(text.charAt(end - 1)) ? text.slice(0, end).trimEnd() : text
  return marks === '' || title === '' ? undefined : { level: marks.length, title }
}

// A fence ends with marks of its own kind, at least as many: `~~~` inside of ``` is text.
function fenceAfter(line: string, fence: string): string {
  const [marks = ''] = /^(?:`{3,}|~{3,})/.exec(line.trimStart()) ?? []
  if (fence === '') return marks
  return marks.startsWith(fence) && line.trim() === marks ? '' : fence
}

// Never inside a surrogate pair.
function cutAt(text: string, length: number): string {
  return text.slice(0, /[\uD800-\uDBFF]/.test(text.charAt(length - 1)) ? length - 1 : length)
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
    const sentence =
      Math.max(reach.lastIndexOf('. '), reach.lastIndexOf('! '), reach.lastIndexOf('? '), reach.lastIndexOf('\n')) + 1
    const space = reach.lastIndexOf(' ')
    const cut = sentence > maximum / 3 ? sentence : space > maximum / 3 ? space : maximum
    const piece = cutAt(rest, cut)
    pieces.push(piece.trim())
    rest = rest.slice(piece.length).trim()
  }
  return [...pieces, rest].filter((piece) => piece !== '')
}
