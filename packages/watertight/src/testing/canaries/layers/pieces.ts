/** So many words of a text are compared with those of others; what is told in pieces comes in short sentences. */
const mostWords = 12
const longestText = 1_024

/** A word that is probably a piece of base64 or hex: few words have capitals or digits. */
const encoded = /^(?=.*[A-Z0-9])[A-Za-z0-9+/_-]{2,}={0,2}$/

/**
 * Reads the words that stand at one place in texts of one form, and may together be a code: `one: 6a6b…`, `two: 7178…`; the
 * lines `data: …` of a stream; numbered lines.
 *
 * @param texts the lines of a text, the fields of an object, the items of a list or the turns of a conversation
 */
export function* readPieces(texts: readonly string[]): Iterable<readonly string[]> {
  const rows = texts.map((text) => (text.length > longestText ? [] : (text.match(/[A-Za-z0-9+/_=-]{2,}/g) ?? [])))
  const told = new Set<string>()
  for (const alike of [Map.groupBy(rows, ({ length }) => length), Map.groupBy(rows, ([first]) => first)]) {
    for (const group of alike.values()) {
      const width = Math.min(...group.map(({ length }) => length))
      if (group.length < 2 || width > mostWords) continue
      for (let at = 0; at < width; at++) {
        const pieces = group.map((row) => row[at] ?? '')
        const key = pieces.join(' ')
        if (
          key.length < 20 ||
          told.has(key) ||
          pieces.filter((piece) => encoded.test(piece)).length < pieces.length / 2
        )
          continue
        told.add(key)
        yield pieces
      }
    }
  }
}
