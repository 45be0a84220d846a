import { existsSync, readFileSync } from 'node:fs'

import { describe, expect, test } from 'vitest'

import { mutants } from './catalogue/index.ts'
import { editSources, editSql } from './edits.ts'
import { masks } from './masks.ts'
import { renderRules } from './render-rules.ts'
import { rules, threats } from './rules.ts'
import type { Rule } from './rules.ts'
import { readVersion } from './versions.ts'

const root = new URL('../../', import.meta.url)

/** What a rule lacks: a test, a mutant, or a test that is there under that name. */
function lacks({ id, tests }: Rule, of = mutants): readonly string[] {
  return [
    ...(tests.length === 0 ? [`${id} has no test`] : []),
    ...(of.some(({ rule }) => rule === id) ? [] : [`${id} has no mutant`]),
    ...tests.filter((named) => !isThere(named)).map((named) => `${id} names a test that is not there: ${named}`),
  ]
}

// By its title as the source writes it, which may hold what each case puts in.
function isThere(named: string): boolean {
  const [file = '', title = ''] = named.split(' › ')
  const url = new URL(file, root)
  if (!existsSync(url)) return false
  const source = readFileSync(url, 'utf8').replaceAll(String.raw`\u2019`, '’')
  // Behind `test`, or behind the cases of `test.each`.
  return [`'`, '"', '`'].some(
    (quote) =>
      /\)$|\btest$/.test(source.split(`(${quote}${title}${quote},`, 1)[0] ?? '') &&
      source.includes(`(${quote}${title}${quote},`),
  )
}

function repeated(names: readonly string[]): readonly string[] {
  return names.filter((name, at) => names.indexOf(name) !== at)
}

describe('the rules', () => {
  test.each(rules)('should each have tests and mutants: $id', (rule) => {
    expect(lacks(rule)).toEqual([])
  })

  test('should be a test that can fail: a rule without either, or with a test that is gone', () => {
    const rule = { id: 'R0', surface: 'none', says: 'nothing', threats: [] }
    expect(lacks({ ...rule, tests: [] })).toEqual(['R0 has no test', 'R0 has no mutant'])
    const gone = 'test/attacks/memory.test.ts › should be gone'
    expect(lacks({ ...rule, tests: [gone] })).toContain(`R0 names a test that is not there: ${gone}`)
  })

  test('should be numbered once, in their order', () => {
    expect(rules.map(({ id }) => Number(id.slice(1))).toSorted((left, right) => left - right)).toEqual(
      rules.map((_, at) => at + 1),
    )
  })

  test('should be in docs/rules.md as they are; else run: npm run rules', () => {
    expect(readFileSync(new URL('../../docs/rules.md', root), 'utf8')).toBe(renderRules())
  })
})

describe('the mutants', () => {
  test('should be at least 60, each under a name of its own and under a rule', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(60)
    expect(repeated(mutants.map(({ id }) => id))).toEqual([])
    expect(mutants.filter(({ rule }) => !rules.some(({ id }) => id === rule))).toEqual([])
  })

  test('should each change what is there to be changed, and nothing else', () => {
    for (const { id } of mutants) {
      const { edits } = readVersion(id)
      const changed = [...editSources(edits).keys(), editSql(edits)].filter((text) => text !== '')
      expect(changed, id).not.toEqual([])
    }
    expect(() => editSources([{ file: 'liveness.ts', find: 'no such text', put: '' }])).toThrow('no such text')
    expect(() => editSql([{ function: 'no_such_function', find: 'a', put: 'b' }])).toThrow('No migration makes')
  })

  test.each(Object.entries(threats))('should be four and more against %s: %s', (threat) => {
    const against = rules.filter((rule) => rule.threats.some((each) => each === threat)).map(({ id }) => id)
    expect(mutants.filter(({ rule }) => against.includes(rule)).length).toBeGreaterThanOrEqual(4)
  })

  test('should name masks that there are, each of which some mutant needs', () => {
    const named = new Set(mutants.flatMap(({ maskedBy = [] }) => maskedBy))
    expect([...named].toSorted()).toEqual(Object.keys(masks).toSorted())
  })
})
