/**
 * Finds two names that a model or a person takes for each other: they differ by case, by `-` and `_` or their absence, or
 * by letters and digits of one shape. A consent to one must not be read as a consent to the other. A plural is another
 * word: `read_ticket` and `read_tickets` stay apart.
 *
 * @param names ASCII, as the names of tools are
 * @returns the first such pair, in the order given, or `undefined`
 */
export function findLookAlike(names: readonly string[]): readonly [string, string] | undefined {
  const byShape = new Map<string, string>()
  for (const name of names) {
    const shape = shapeOf(name)
    const other = byShape.get(shape)
    if (other !== undefined) return [other, name]
    byShape.set(shape, name)
  }
  return undefined
}

// Separators go first: `for_name` and `forName` must be read alike, and both hold an `rn` once they are gone.
function shapeOf(name: string): string {
  return name
    .replaceAll(/[-_]/g, '')
    .toLowerCase()
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll(/[0-8i]/g, (character) => twins.get(character) ?? character)
}

// As in the confusables of Unicode Technical Standard 39, and the digits that OCR and hurried readers swap.
const twins = new Map([
  ['0', 'o'],
  ['1', 'l'],
  ['i', 'l'],
  ['2', 'z'],
  ['5', 's'],
  ['8', 'b'],
])
