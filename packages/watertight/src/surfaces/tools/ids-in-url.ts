import { InvalidInput } from '../../errors.ts'
import { findIds } from './id-pattern.ts'
import type { FoundId } from './id-pattern.ts'

/** A URL that everybody reads alike. */
export interface PlainUrl {
  /** what stands before the path */
  readonly origin: string
  /** path and query, decoded */
  readonly decoded: string
}

/**
 * Finds the ids of a URL: in its path and query, decoded, by a pattern of the app.
 *
 * The tool is given the URL as it was written, so only one is taken that whoever reads it takes for the same: an
 * interpretation that differs from this one is the attack ("A New Era of SSRF", Orange Tsai, 2017; CWE-436).
 *
 * @throws {InvalidInput} when it holds no id, or can be read in more than one way
 */
export function findIdsInUrl(pattern: RegExp, text: string, field: string): readonly FoundId[] {
  const { decoded } = readUrl(text, field)
  const found = findIds(pattern, decoded)
  if (found.length === 0) throw new InvalidInput(field, 'a URL with an id where the schema describes one')
  // Many a server routes in any case: an id that the pattern misses for that is looked up too.
  const anyCase = new RegExp(pattern.source, `${pattern.flags.replace('i', '')}i`)
  return [...found, ...findIds(anyCase, decoded)]
}

/** Reads a URL. @throws {InvalidInput} when it can be read in more than one way */
export function readUrl(text: string, field: string): PlainUrl {
  const own = findPathAndQuery(text)
  const decoded = own === undefined ? undefined : decode(own)
  if (own === undefined || decoded === undefined || !isPlainPath(own) || !isPlainQuery(own))
    throw new InvalidInput(field, 'a URL of http or https, in its normal form and without a fragment')
  return { origin: text.slice(0, text.length - own.length), decoded }
}

// The characters of RFC 3986, without those that readers treat differently: `#` cuts for some, `;` separates for some, `+`
// is a blank for some, brackets make lists for some.
const plainText = /^(?:[A-Za-z0-9\-._~!$&'()*,=:@/?]|%[0-9A-Fa-f]{2})+$/

const nowhere = 'https://relative.invalid'

// What the WHATWG parser changes (dot segments in any encoding, blanks, userinfo, a default port, case of the host) is what
// another parser may not change.
function findPathAndQuery(text: string): string | undefined {
  if (!plainText.test(text) || !URL.canParse(text, nowhere)) return undefined
  const { href, origin, protocol, pathname, search, username, password } = new URL(text, nowhere)
  if (!/^https?:$/.test(protocol) || username !== '' || password !== '') return undefined
  const own = pathname + search
  if (href === text) return own
  if (origin !== nowhere || !URL.canParse(nowhere + own)) return undefined
  return text === own ? own : `/${text}` === own ? own.slice(1) : undefined
}

// Decoded once. What would still be encoded then, or be a separator, means one thing to a reader that decodes first and
// another to one that splits first.
function decode(own: string): string | undefined {
  const encoded = own.match(/%[0-7][0-9A-Fa-f]/g) ?? []
  if (encoded.some((each) => /[%\\:/?#[\]@!$&'()*+,;=]/.test(decodeURIComponent(each)))) return undefined
  try {
    const decoded = decodeURIComponent(own)
    // Controls, what is invisible, and letters that a reader may fold into others, such as the slash of full width.
    return /[\p{C}\p{Zl}\p{Zp}]/u.test(decoded) || decoded !== decoded.normalize('NFKC') ? undefined : decoded
  } catch {
    return undefined // no UTF-8
  }
}

// Some merge empty segments, and some do not.
function isPlainPath(own: string): boolean {
  return !own.replace(/\?.*/s, '').includes('//')
}

// A path in a query would be an id that the server never looks at, and stand in for the one in the path. Of two
// parameters of one name some take the first and some the last; PHP takes `a.b` for `a_b`.
function isPlainQuery(own: string): boolean {
  const [, query] = /\?(.*)/s.exec(own) ?? []
  if (query === undefined) return true
  const names = query.split('&').map((part) => foldName(decodeURIComponent(part.replace(/=.*/s, ''))))
  return !/[/?]/.test(query) && new Set(names).size === names.length
}

function foldName(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}
