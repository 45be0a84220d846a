import { readBlocks, readDocuments } from './documents.ts'
import type { Block } from './documents.ts'

/** A program that a document shows, with what it says that the program prints. */
export interface Program {
  /** the file that it is written to */
  readonly name: string
  /** where the document shows it */
  readonly title: string
  readonly text: string
  readonly output: string
  /** `run`: it runs and prints that; `part`: other programs import it; `fragment`: it is type-checked alone */
  readonly use: 'run' | 'part' | 'fragment'
}

/**
 * Reads the programs of the documents. A block of TypeScript is a program; what its fence says beside `ts`:
 *
 * - nothing: it runs, and prints what the `text` block after it says
 * - `continue`: it is the next part of the program before it on the page
 * - `NAME.ts`: other blocks, of any page, import it under that name
 * - `fragment`: it needs what a page cannot bring, such as a server; only its types are checked
 */
export function readPrograms(): readonly Program[] {
  const blocks = readDocuments().flatMap((document) => readBlocks(document).blocks)
  const programs: Program[] = []
  let last: Block | undefined
  for (const block of blocks) {
    const [language, kind] = block.words
    const before = programs.at(-1)
    if (language === 'text' && last?.words[0] === 'ts' && before !== undefined) {
      programs[programs.length - 1] = { ...before, output: join(before.output, block.text) }
    } else if (language === 'ts' && kind === 'continue') {
      if (before === undefined || !before.title.startsWith(`${block.path}:`))
        throw new SyntaxError(`${block.path}:${block.line}: there is nothing on this page to continue.`)
      programs[programs.length - 1] = { ...before, text: join(before.text, block.text) }
    } else if (language === 'ts') programs.push(toProgram(block, kind))
    last = block
  }
  return programs
}

function toProgram(block: Block, kind: string | undefined): Program {
  const title = `${block.path}:${block.line}`
  const own = { title, text: block.text, output: '' }
  if (kind === undefined || kind === 'fragment') {
    const name = `${block.path.replaceAll(/[^A-Za-z0-9]+/g, '-').toLowerCase()}-${block.line}.ts`
    return { ...own, name, use: kind ?? 'run' }
  }
  if (!/^[a-z-]+\.ts$/.test(kind)) throw new SyntaxError(`${title}: a block of ts is never "${kind}".`)
  return { ...own, name: kind, use: 'part' }
}

function join(before: string, after: string): string {
  return before === '' ? after : `${before}\n${after}`
}
