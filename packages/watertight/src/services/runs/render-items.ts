import { randomBytes } from 'node:crypto'

import { foldLetters } from '../../encoding/index.ts'
import type { ContextItem } from './run-context.ts'

/**
 * Renders items for a prompt, each between marks that name its source and carry a number made for this rendering alone:
 * no item can have known it. What looks like such a mark inside an item is taken apart, so that no document ends its own
 * frame or poses as another item.
 */
export function renderItems(items: readonly ContextItem[]): string {
  if (items.length === 0) return ''
  const mark = `item-${randomBytes(12).toString('hex')}`
  return items
    .map(({ source, integrity, text }) => {
      const from = `${source.surface}:${encodeURIComponent(source.id)}`
      return `<${mark} source="${from}" integrity="${integrity}">\n${withoutMarks(text)}\n</${mark}>`
    })
    .join('\n')
}

// Signs that a reader may take for an angle or a slash; entities and escapes are read as what they stand for.
const angle = String.raw`[<‹〈⟨˂ᐸ❮❰⧼≺⋖«＜]|&(?:amp;)*(?:lt|#0*60|#x0*3c|lang|lsaquo|laquo|prec)(?:;|(?![a-z0-9]))|\\(?:u\{?0*|x)3c\}?|%(?:25)*3c`
const slash = String.raw`[/∕⁄⧸╱⟋ノ丿]|&(?:amp;)*(?:sol|#0*47|#x0*2f)(?:;|(?![a-z0-9]))|\\(?:u\{?0*|x)2f\}?|%(?:25)*2f`
const markLike = new RegExp(`(?<angle>${angle})(?:[ \\\\]*(?:${slash}) *i *t *e *m|item| +item[^>]{0,100}source)`, 'gu')
const couldHoldMark = /[<‹〈⟨˂ᐸ❮❰⧼≺⋖«＜﹤&＆﹠\\＼﹨%％﹪〈]/u

// A mark is found in what the text looks like, and taken apart where it stands: the rest of the text stays as it is.
function withoutMarks(text: string): string {
  if (!couldHoldMark.test(text)) return text
  const { folded, starts } = look(text)
  let [result, from] = ['', 0]
  for (const { index, groups } of folded.matchAll(markLike)) {
    result += `${text.slice(from, starts[index])}[`
    from = starts[index + (groups?.['angle']?.length ?? 1)] ?? text.length
  }
  return result + text.slice(from)
}

// How a text looks, and where each of its signs begins in it. Every kind of space is one.
function look(text: string): { readonly folded: string; readonly starts: readonly number[] } {
  const starts: number[] = []
  let [folded, at] = ['', 0]
  for (const character of text) {
    const seen = foldLetters(character).replace(/\s/u, ' ')
    for (let count = 0; count < seen.length; count++) starts.push(at)
    folded += seen
    at += character.length
  }
  return { folded, starts }
}
