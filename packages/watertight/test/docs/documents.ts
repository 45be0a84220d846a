import { globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository, with a slash at its end. */
export const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** A document by its path below the root. */
export interface Document {
  readonly path: string
  readonly text: string
}

/** A fenced block. `words` is what its fence says: the language, then what the language alone does not tell. */
export interface Block {
  readonly path: string
  readonly line: number
  readonly words: readonly string[]
  readonly text: string
}

/** Reads every document that is for people. */
export function readDocuments(): readonly Document[] {
  const patterns = ['*.md', 'docs/**/*.md', 'packages/*/*.md', 'examples/*/*.md']
  const paths = patterns.flatMap((pattern) => globSync(pattern, { cwd: root }))
  return paths.map((path) => ({ path, text: readFileSync(root + path, 'utf8') }))
}

/** Cuts a document into its prose, in which each fenced block is left empty, and the blocks. */
export function readBlocks({ path, text }: Document): { readonly prose: string; readonly blocks: readonly Block[] } {
  const prose: string[] = []
  const blocks: Block[] = []
  let open: { line: number; words: string[]; lines: string[] } | undefined
  for (const [at, line] of text.split('\n').entries()) {
    const fence = /^```(.*)$/.exec(line)
    if (open === undefined && fence !== null) {
      open = { line: at + 1, words: (fence[1] ?? '').split(' ').filter((word) => word !== ''), lines: [] }
    } else if (open !== undefined && fence !== null) {
      blocks.push({ path, line: open.line, words: open.words, text: open.lines.join('\n') })
      open = undefined
    } else if (open !== undefined) open.lines.push(line)
    prose.push(open === undefined && fence === null ? line : '')
  }
  if (open !== undefined) throw new SyntaxError(`${path}:${open.line}: the block is not closed.`)
  return { prose: prose.join('\n'), blocks }
}

/** The anchors of a document, as a forge makes them of its headings. */
export function anchorsOf(document: Document): ReadonlySet<string> {
  const headings = readBlocks(document).prose.matchAll(/^#{1,6} (.+)$/gm)
  return new Set([...headings].map(([, title = '']) => slugOf(title)))
}

function slugOf(title: string): string {
  const plain = title.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
  return plain.trim().replaceAll(' ', '-')
}

/** The links of a document that lead to a file of the repository, or to a heading. */
export function linksOf(document: Document): readonly { readonly path: string; readonly anchor: string }[] {
  const links = readBlocks(document).prose.matchAll(/\]\(([^)\s]+)\)/g)
  return [...links].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return []
    const [file = '', anchor = ''] = target.split('#')
    const path = file === '' ? document.path : posix.join(posix.dirname(document.path), file)
    return [{ path, anchor }]
  })
}
