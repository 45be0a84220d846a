import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { InvalidInput } from '../../errors.ts'
import { findIdsInUrl } from './ids-in-url.ts'

const idsIn = (text: string, pattern = /(?:^\/tickets\/|[?&]ticket=)([^/?&]+)/gu) => [
  ...new Set(findIdsInUrl(pattern, text, 'input').map(({ id }) => id)),
]

describe('findIdsInUrl', () => {
  test.each<[string, readonly string[]]>([
    ['https://desk.example/tickets/T-1', ['T-1']],
    ['http://desk.example:8080/tickets/T-1/', ['T-1']],
    ['https://[::1]/tickets/T-1', []],
    ['/tickets/T-1', ['T-1']],
    ['/tickets/T-1/notes?tab=all', ['T-1']],
    ['/tickets/T-1?ticket=T-2', ['T-1', 'T-2']],
    ['/tickets/T-1.json', ['T-1.json']],
    ['/tickets/T%2D1', ['T-1']],
    ['/t%69ckets/T-1', ['T-1']],
    ['/tickets/T%201', ['T 1']],
    ['/tickets/%C3%A9', ['é']],
    ['/tickets/%F0%9F%98%80', ['😀']],
    ['/search?q=a%20b&ticket=T-1', ['T-1']],
    ['?ticket=T-1', ['T-1']],
    ['/people/ann@desk.example?ticket=T-1', ['T-1']],
  ])('should find in %s the ids %j', (text, ids) => {
    if (ids.length === 0) expect(() => idsIn(text)).toThrow(InvalidInput)
    else expect(idsIn(text)).toEqual(ids)
  })

  test('should find the ids of a path without a slash in front', () => {
    expect(idsIn('tickets/T-1', /^tickets\/(T-\d+)/gu)).toEqual(['T-1'])
  })

  // Each passes for the own T-1 with one reader, and names T-2 to another.
  test.each([
    ['no id', '/files/T-2'],
    ['nothing', ''],
    ['a parent', '/tickets/T-1/../T-2'],
    ['a parent in escapes', '/tickets/T-1/%2e%2e/T-2'],
    ['a parent, half in escapes', '/tickets/T-1/.%2E/T-2'],
    ['a parent in front', '../tickets/T-1'],
    ['the folder itself', '/./tickets/T-1'],
    ['the folder itself at the end', '/tickets/T-1/.'],
    ['a parent with a parameter', '/tickets/T-1/..;/T-2'],
    ['a parameter of a segment', '/tickets/T-1;id=T-2'],
    ['a parameter of a segment in front', '/tickets;x=1/T-1'],
    ['another separator of a query', '/tickets/T-1?a=1;ticket=T-2'],
    ['two escapes', '/tickets/T-1/%252e%252e/T-2'],
    ['two escapes of a letter', '/tickets/T%252D1'],
    ['a percent sign alone', '/tickets/T-1%'],
    ['half an escape', '/tickets/T-1%2'],
    ['an escape of another kind', '/tickets/T-1%u002f'],
    ['an escape that is no UTF-8', '/tickets/T-1%FF'],
    ['a slash that is written too long', '/tickets/T-1%C0%AFT-2'],
    ['half a surrogate pair', '/tickets/T-1%ED%A0%BD'],
    ['a slash in escapes', '/tickets/T-1%2F..%2FT-2'],
    ['a slash in escapes, small', '/tickets/T-1%2fnotes'],
    ['a question mark in escapes', '/tickets/T-1%3Fticket=T-2'],
    ['a number sign in escapes', '/tickets/T-1%23T-2'],
    ['an ampersand in escapes', '/search?ticket=T-1%26ticket=T-2'],
    ['an equals sign in escapes', '/search?ticket%3DT-2=1&ticket=T-1'],
    ['a semicolon in escapes', '/tickets/T-1%3Bid=T-2'],
    ['a comma in escapes', '/tickets/T-1%2CT-2'],
    ['a backslash', '/tickets\\T-2?ticket=T-1'],
    ['a backslash as a slash', '\\tickets\\T-1'],
    ['a backslash in escapes', '/tickets/T-1%5C..%5CT-2'],
    ['userinfo', 'https://user@desk.example/tickets/T-1'],
    ['userinfo with a password', 'https://a:b@desk.example/tickets/T-1'],
    ['empty userinfo', 'https://@desk.example/tickets/T-1'],
    ['a fragment', '/tickets/T-1#/tickets/T-2'],
    ['an empty fragment', '/tickets/T-1#'],
    ['an empty query', '/tickets/T-1?'],
    ['a tab', '/tickets/T-\t1'],
    ['a line break', '/tick\nets/T-1'],
    ['a line break behind', '/tickets/T-1\n'],
    ['a carriage return', '/tickets/T-1\r'],
    ['a blank', '/tickets/T 1'],
    ['a blank in front', ' /tickets/T-1'],
    ['a blank behind', '/tickets/T-1 '],
    ['a NUL', '/tickets/T-1\0'],
    ['a NUL in escapes', '/tickets/T-1%00'],
    ['a line break in escapes', '/tickets/T-1%0D%0AHost:x'],
    ['a delete in escapes', '/tickets/T-1%7F'],
    ['a next line in escapes', '/tickets/T-1%C2%85'],
    ['a line separator in escapes', '/tickets/T-1%E2%80%A8'],
    ['what is invisible, in escapes', '/tickets/T-1%E2%80%8B'],
    ['a mark of byte order in escapes', '/tickets/T-1%EF%BB%BF'],
    ['a slash of full width', '/tickets／T-1?ticket=T-1'],
    ['a slash of full width in escapes', '/tickets/T-1%EF%BC%8FT-2'],
    ['dots of full width in escapes', '/tickets/T-1/%EF%BC%8E%EF%BC%8E/T-2'],
    ['a blank that does not break, in escapes', '/tickets/T-1%C2%A0'],
    ['letters beyond ASCII', '/tickets/é'],
    ['a letter in two parts', '/tickets/e%CC%81'],
    ['a plus, a blank to some', '/search?ticket=T-1+T-2'],
    ['a plus in escapes', '/search?ticket=T-1%2BT-2'],
    ['brackets', '/search?ticket=T-1&ticket[]=T-2'],
    ['brackets in escapes', '/search?ticket=T-1&ticket%5B%5D=T-2'],
    ['a parameter twice', '/search?ticket=T-1&ticket=T-2'],
    ['a parameter twice, in another case', '/search?ticket=T-1&Ticket=T-2'],
    ['a parameter twice, in escapes', '/search?ticket=T-1&%74icket=T-2'],
    ['a parameter twice, to PHP', '/search?ticket_id=T-2&ticket.id=T-2&ticket=T-1'],
    ['a path in a query', '/Tickets/T-2?next=/tickets/T-1'],
    ['a query in a query', '/files/T-2?next=x?ticket=T-1'],
    ['an empty segment', '/tickets//T-1?ticket=T-1'],
    ['another host', '//desk.example/tickets/T-1'],
    ['another host, three slashes', '///desk.example/tickets/T-1'],
    ['a scheme without its slashes', 'https:/tickets/T-1'],
    ['a scheme without any slash', 'https:tickets/T-1'],
    ['a scheme in capitals', 'HTTPS://desk.example/tickets/T-1'],
    ['a host in capitals', 'https://Desk.example/tickets/T-1'],
    ['the default port', 'https://desk.example:443/tickets/T-1'],
    ['a host in escapes', 'https://desk%2Eexample/tickets/T-1'],
    ['a port that is none', 'https://desk.example:99999/tickets/T-1'],
    ['a script', 'javascript:/tickets/T-1'],
    ['data', 'data:,/tickets/T-1'],
    ['a file', 'file:///tickets/T-1'],
    ['another scheme', 'ftp://desk.example/tickets/T-1'],
    ['a socket', 'wss://desk.example/tickets/T-1'],
    ['an address inside another', 'blob:https://desk.example/tickets/T-1'],
    ['signs that are not to be in a URL', '/tickets/T-1"'],
    ['a pipe', '/tickets/T-1|T-2'],
    ['braces', '/tickets/{T-1}'],
  ])('should refuse a URL with %s: %j', (_what, text) => {
    expect(() => idsIn(text)).toThrow(InvalidInput)
    expect(() => idsIn(text)).toThrow(/^input is not valid/)
    expect(() => idsIn(text)).not.toThrow(/T-/)
  })

  test('should look up an id that the pattern misses for its case, where a server may not', () => {
    expect(idsIn('/Tickets/T-2/tickets/T-1', /\/tickets\/(T-\d+)/gu)).toEqual(['T-1', 'T-2'])
    expect(idsIn('/tickets/T-1/t-2', /T-\d+/gu)).toEqual(['T-1', 't-2'])
    expect(() => idsIn('/Tickets/T-2', /\/tickets\/(T-\d+)/gu)).toThrow(InvalidInput)
    expect(idsIn('/Tickets/T-2', /\/tickets\/(T-\d+)/giu)).toEqual(['T-2'])
  })

  test('should find what everybody finds, or refuse', () => {
    const piece = fc.constantFrom(
      '/', '.', '..', '%2e', '%2F', '%25', '%', '\\', ';', '?', '&', '=', '#', '@', ':', ' ', '\t', 'tickets', 'ticket', 'T-1', 'T-2', 'é', '//', '+', '%C3%A9', 'a',
    ) // oxfmt-ignore
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = `/tickets/T-1${pieces.join('')}`
        let ids: readonly string[]
        try {
          ids = idsIn(text, /T-\d/gu)
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInput)
          return
        }
        // One reader splits and then decodes; one decodes and then splits; one normalises; one takes it as it is.
        const split = text.split(/[/?&=]/).map(decodeURIComponent)
        const decoded = decodeURIComponent(text).split(/[/?&=]/)
        expect(split).toEqual(decoded)
        const { pathname, search, hash } = new URL(text, 'https://desk.example')
        expect(pathname + search + hash).toBe(text)
        expect([...new Set(text.match(/T-\d/g))].toSorted()).toEqual([...ids].toSorted())
      }),
      { numRuns: 20_000 },
    )
  })
})
