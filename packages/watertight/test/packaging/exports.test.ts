import { existsSync, globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from 'vitest'

import { readManifest, sourceOf } from '../../../../tools/source-aliases.ts'

const library = fileURLToPath(new URL('../../', import.meta.url))
const docs = fileURLToPath(new URL('../../../../docs/', import.meta.url))

const { exports, dependencies, peerDependencies, peerDependenciesMeta } = readManifest()
const subpaths = Object.entries(exports).filter(([subpath]) => subpath !== './package.json')

describe.each(subpaths)('the public import %s', (subpath, entry) => {
  test('should be ESM alone: types first, then the default', () => {
    expect(typeof entry === 'string' ? [] : Object.keys(entry)).toEqual(['types', 'default'])
  })

  test('should be a plain name', () => {
    expect(subpath).toMatch(/^\.(\/[a-z][a-z0-9-]*)*$/)
  })

  test('should have its source, a door or an adapter', () => {
    const source = typeof entry === 'string' ? entry : sourceOf(entry.default)
    expect(source).toMatch(/^\.\/src\/(.*\/)?index\.ts$|^\.\/src\/adapters\/[a-z-]+\.ts$|^\.\/src\/errors\.ts$/)
    expect(existsSync(library + source), `${source} exists`).toBe(true)
    expect(typeof entry === 'string' ? '' : entry.types).toBe(
      source.replace('./src/', './dist/').replace(/\.ts$/, '.d.ts'),
    )
  })

  // Two copies would mean two brands: a boundary made through one is forged to the other.
  test('should be one module in a test, by name and by path', async () => {
    const name = subpath.replace('.', 'watertight')
    const source = typeof entry === 'string' ? entry : sourceOf(entry.default)
    expect(await import(name)).toBe(await import(library + source))
  })

  test('should have its page in docs', () => {
    const page = subpath === '.' ? 'watertight.md' : `${subpath.slice('./'.length).replaceAll('/', '-')}.md`
    expect(existsSync(docs + page), `docs/${page} exists`).toBe(true)
  })
})

describe('package.json', () => {
  test('should export its manifest, and nothing by a pattern', () => {
    expect(exports['./package.json']).toBe('./package.json')
    expect(Object.keys(exports).filter((subpath) => subpath.includes('*'))).toEqual([])
  })

  test('should export every surface', () => {
    const sources = subpaths.map(([, entry]) => (typeof entry === 'string' ? entry : sourceOf(entry.default)))
    const surfaces = globSync('src/surfaces/*/index.ts', { cwd: library }).map((path) => `./${path}`)
    expect(surfaces.filter((surface) => !sources.includes(surface))).toEqual([])
  })

  test('should ask for no peer that a user may not leave out', () => {
    const optional = Object.entries(peerDependenciesMeta).filter(([, meta]) => meta.optional)
    expect(optional.map(([name]) => name).toSorted()).toEqual(Object.keys(peerDependencies).toSorted())
  })

  test('should install nothing that it also calls a peer', () => {
    expect(Object.keys(dependencies).filter((name) => name in peerDependencies)).toEqual([])
  })
})
