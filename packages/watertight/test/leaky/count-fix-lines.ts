import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { parseSync, Visitor } from 'oxc-parser'

/**
 * Counts the lines of an incident's fix: all that stands in the body of its class `Fixed`, which changes the class `Leaky`
 * and nothing else.
 *
 * @throws {TypeError} where the file has no class `Fixed` that extends `Leaky`
 */
export function countFixLines(url: string): number {
  const path = fileURLToPath(url)
  const text = readFileSync(path, 'utf8')
  let body: string | undefined
  new Visitor({
    ClassDeclaration({ id, superClass, body: { start, end } }) {
      if (id?.name !== 'Fixed' || superClass?.type !== 'Identifier' || superClass.name !== 'Leaky') return
      body = text.slice(start + 1, end - 1)
    },
  }).visit(parseSync(path, text).program)
  if (body === undefined) throw new TypeError(`${path} has no class Fixed that extends Leaky.`)
  return body.split('\n').filter((line) => line.trim() !== '').length
}
