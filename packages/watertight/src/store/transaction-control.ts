const controls = new Set(['begin', 'start', 'commit', 'end', 'rollback', 'abort', 'savepoint', 'release'])

/**
 * Says whether one statement would begin or end a transaction, or a part of one. The extended protocol takes one
 * statement only, and code in `do` or `call` cannot commit inside a transaction, so the first words decide.
 *
 * @param text what the server would parse: comments, blanks and empty statements may stand in front
 */
export function controlsTransaction(text: string): boolean {
  const start = skipBlank(text, 0)
  const first = wordAt(text, start)
  if (first === 'prepare') return wordAt(text, skipBlank(text, start + first.length)) === 'transaction'
  return controls.has(first)
}

/**
 * Says whether one statement is a COPY, which moves rows through the connection itself: `from stdin` holds it until
 * somebody sends them. Code in `do` or in a function cannot do that, so the first word decides.
 *
 * @param text what the server would parse
 */
export function isCopy(text: string): boolean {
  return wordAt(text, skipBlank(text, 0)) === 'copy'
}

function wordAt(text: string, at: number): string {
  const [word = ''] = /^[a-z_]\w*/i.exec(text.slice(at, at + 32)) ?? []
  return word.toLowerCase()
}

// What the server's own scanner skips: blanks, `-- …` to the end of the line, and comments, which nest.
function skipBlank(text: string, from: number): number {
  let at = from
  for (;;) {
    const before = at
    while (at < text.length && /[\s;]/.test(text.charAt(at))) at++
    if (text.startsWith('--', at)) at = endOfLine(text, at)
    if (text.startsWith('/*', at)) at = endOfComment(text, at)
    if (at === before) return at
  }
}

function endOfLine(text: string, from: number): number {
  const length = text.slice(from).search(/[\r\n]/)
  return length === -1 ? text.length : from + length
}

function endOfComment(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const pair = text.slice(at, at + 2)
    if (pair === '/*') depth++
    else if (pair === '*/') depth--
    else continue
    at++
    if (depth === 0) return at + 1
  }
  return text.length
}
