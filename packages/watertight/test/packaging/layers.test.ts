import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from 'vitest'

import { readManifest, sourceOf } from '../../../../tools/source-aliases.ts'
import { findBreaches, findStars } from './house.ts'

const src = fileURLToPath(new URL('../../src/', import.meta.url))
const read = (pattern: string) =>
  new Map(globSync(pattern, { cwd: src }).map((path) => [path, readFileSync(src + path, 'utf8')]))

const fromRoot = (breach: string) => `packages/watertight/src/${breach}`

const sources = read('**/*.ts')
const publicDoors = new Set(
  Object.values(readManifest().exports).flatMap((entry) =>
    typeof entry === 'string' ? [] : [sourceOf(entry.default).replace('./src/', '')],
  ),
)

describe('the house', () => {
  test('should import upwards only, and only through a door', () => {
    expect(findBreaches(sources, publicDoors).map(fromRoot)).toEqual([])
  })

  test('should list the names of every door', () => {
    expect(findStars(sources).map(fromRoot)).toEqual([])
  })

  test('should name no path of a machine', () => {
    const machinePath = /(?<![\w.])\/(home|root|Users|work|tmp|usr|opt|mnt|var)\/\w|[A-Z]:\\\\?Users/
    const found = [...read('**/*.{ts,sql}')].flatMap(([path, text]) =>
      text
        .split('\n')
        .map((line, index) => fromRoot(`${path}:${index + 1}: ${line.trim()}`))
        .filter((line) => machinePath.test(line) && !line.includes(':1: #!')),
    )
    expect(found).toEqual([])
  })
})

// A guard that has never failed proves nothing: each breach is planted in a house that is otherwise in order.
describe('the guard of the house', () => {
  const house = {
    'errors.ts': '',
    'encoding/index.ts': '',
    'boundary/index.ts': "export { seal } from './seal.ts'",
    'boundary/seal.ts': "import { Refusal } from '../errors.ts'\nexport const seal = Refusal",
    'boundary/seal.test.ts': "import { seal } from './seal.ts'",
    'store/index.ts': "import type { AgentBoundary } from '../boundary/index.ts'",
    'services/directory/index.ts': "import { transact } from '../../store/index.ts'",
    'services/runs/index.ts': "import { grant } from '../directory/index.ts'",
    'surfaces/surface.ts': "import { startRun } from '../services/runs/index.ts'",
    'surfaces/cache/index.ts': "import type { Surface } from '../surface.ts'",
    'surfaces/memory/index.ts': "import type { Surface } from '../surface.ts'",
    'watertight.ts': "import type { Surface } from './surfaces/surface.ts'",
    'index.ts': "export { openWatertight } from './watertight.ts'",
    'adapters/hono.ts':
      "import { openWatertight } from '../index.ts'\nimport { memory } from '../surfaces/memory/index.ts'",
    'testing/index.ts': "import { openWatertight } from '../index.ts'",
  }
  const doors = new Set(['index.ts', 'surfaces/memory/index.ts', 'testing/index.ts'])
  const plant = (path: string, text: string) => findBreaches(new Map(Object.entries({ ...house, [path]: text })), doors)

  test('should find nothing in a house in order', () => {
    expect(findBreaches(new Map(Object.entries(house)), doors)).toEqual([])
  })

  test.each([
    ['a line further down', 'boundary/seal.ts', "import '../store/index.ts'", 'store is below boundary'],
    [
      'a type from further down',
      'errors.ts',
      "import type { B } from './boundary/index.ts'",
      'boundary is below errors.ts',
    ],
    ['an inline type import', 'errors.ts', "type B = import('./boundary/index.ts').B", 'boundary is below errors.ts'],
    ['a lazy import', 'errors.ts', "const load = () => import('./store/index.ts')", 'store is below errors.ts'],
    ['a computed import', 'errors.ts', 'const load = (name: string) => import(name)', 'as a literal'],
    ['a re-export', 'encoding/index.ts', "export { seal } from '../boundary/index.ts'", 'boundary is below encoding'],
    [
      'a window',
      'store/index.ts',
      "import { seal } from '../boundary/seal.ts'",
      'enter by the door, boundary/index.ts',
    ],
    ['a later service', 'services/directory/index.ts', "import '../runs/index.ts'", 'services/runs is below'],
    ['another surface', 'surfaces/cache/index.ts', "import '../memory/index.ts'", 'a surface never imports another'],
    ['a surface in the opener', 'watertight.ts', "import './surfaces/memory/index.ts'", 'names no surface'],
    ['a surface in the main door', 'index.ts', "export { m } from './surfaces/memory/index.ts'", 'names no surface'],
    ['a private door at the edge', 'adapters/hono.ts', "import '../store/index.ts'", 'public doors only'],
    ['the edge from inside', 'surfaces/cache/index.ts', "import '../../testing/index.ts'", 'testing is below'],
    ['a file beyond src', 'errors.ts', "import '../test/support/require.ts'", 'it leaves src'],
    ['its own name', 'adapters/hono.ts', "import 'watertight'", 'does not import itself by name'],
    ['a test', 'boundary/seal.ts', "import './seal.test.ts'", 'imported by nobody'],
    ['a file that is not there', 'errors.ts', "import './boundary/gone.ts'", 'no such file'],
  ])('should catch %s', (_title, path, text, reason) => {
    const breaches = plant(path, `// a first line\n${text}`)
    expect(breaches).toHaveLength(1)
    expect(breaches[0]).toContain(`${path}:2: import `)
    expect(breaches[0]).toContain(reason)
  })

  test('should catch a file that has no line', () => {
    expect(plant('helpers/text.ts', 'export const trim = 1')).toEqual([expect.stringContaining('helpers/text.ts:1: ')])
  })

  test('should not take a comment or a string for an import', () => {
    expect(
      plant('errors.ts', "// import './store/index.ts'\nexport const text = \"import './store/index.ts'\""),
    ).toEqual([])
  })

  test('should let a unit test use the kit and the support of the tests', () => {
    expect(
      plant('boundary/seal.test.ts', "import '../testing/index.ts'\nimport '../../test/support/require.ts'"),
    ).toEqual([])
  })

  test.each(["export * from './seal.ts'", "export * as seal from './seal.ts'"])('should catch %s in a door', (text) => {
    expect(findStars(new Map([['boundary/index.ts', text]]))).toHaveLength(1)
  })
})
