/** A text with characters left out, and where the rest stood. */
export interface Squeezed {
  readonly text: string
  placeOf(at: number): number
}

// Several readers ask for the same text one after another.
let last: { readonly from: string; readonly squeezed: Squeezed } | undefined

/** Leaves out every character that is not an ASCII letter or digit. */
export function squeeze(text: string): Squeezed {
  if (last?.from !== text) last = { from: text, squeezed: leaveOut(text) }
  return last.squeezed
}

function leaveOut(text: string): Squeezed {
  const kept = text.replaceAll(/[^A-Za-z0-9]+/g, '')
  return {
    text: kept,
    // Looked up for a finding alone, so it is counted then rather than kept for every character.
    placeOf(at) {
      let count = 0
      for (const match of text.matchAll(/[A-Za-z0-9]+/g)) {
        if (count + match[0].length > at) return match.index + at - count
        count += match[0].length
      }
      return 0
    },
  }
}
