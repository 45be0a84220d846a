import { posix } from 'node:path'

import { parseSync, Visitor } from 'oxc-parser'

/** A source file by its path below `src`. */
export type Sources = ReadonlyMap<string, string>

/**
 * The lines of the house, from the ground up: a folder imports only from lines above its own here, and only through the door.
 * Two units on one line never import each other.
 */
const lines: readonly (readonly string[])[] = [
  ['errors.ts'],
  ['encoding'],
  ['boundary'],
  ['store'],
  ['audit'],
  ['services/directory'],
  ['services/runs'],
  ['services/effects'],
  ['services/approvals'],
  ['services/credentials'],
  ['services/vectors'],
  ['services/network'],
  ['surfaces/surface.ts'],
  ['surfaces/*'],
  ['liveness.ts'],
  ['refused-log.ts'],
  ['compartment.ts'],
  ['watertight.ts'],
  ['index.ts'],
  ['migrate'],
  ['adapters'],
  ['testing'],
  ['cli'],
]

/** These may enter by the public doors only, as a user would. */
const edges = new Set(['adapters', 'testing', 'cli'])

/** Registration decides which surfaces exist, so what opens them names none. */
const namesNoSurface = new Set(['liveness.ts', 'refused-log.ts', 'compartment.ts', 'watertight.ts', 'index.ts'])

/** Loads the module that the user names on the command line: no path of ours is computed there. */
const loadsUserModules = new Set(['cli/proving/child.ts'])

/**
 * Finds the imports that break the order of the house.
 *
 * @param sources every TypeScript file of `src`
 * @param publicDoors the files that package.json exports, by their path below `src`
 * @returns a line for each breach: `path:line: import 'specifier': what is wrong`
 */
export function findBreaches(sources: Sources, publicDoors: ReadonlySet<string>): string[] {
  return [...sources].flatMap(([path, text]) => {
    if (unitOf(path) === undefined)
      return [`${path}:1: it has no line in the house: see \`lines\` in test/packaging/house.ts`]
    return readImports(path, text).flatMap(({ specifier, line }) => {
      if (specifier === undefined && loadsUserModules.has(path)) return []
      const wrong = specifier === undefined ? notLiteral : judge(path, specifier, sources, publicDoors)
      return wrong === undefined ? [] : [`${path}:${line}: import '${specifier ?? '…'}': ${wrong}`]
    })
  })
}

/** Finds each `export *` in an `index.ts`: a door is a list of names, where a new line is an act. */
export function findStars(sources: Sources): string[] {
  return [...sources]
    .filter(([path]) => posix.basename(path) === 'index.ts')
    .flatMap(([path, text]) =>
      readImports(path, text)
        .filter(({ star }) => star)
        .map(({ specifier, line }) => `${path}:${line}: export * from '${specifier ?? ''}': list the names`),
    )
}

const notLiteral = 'write the path as a literal, so that it can be checked'

function judge(
  path: string,
  specifier: string,
  sources: Sources,
  publicDoors: ReadonlySet<string>,
): string | undefined {
  if (/^watertight(\/|$)/.test(specifier)) return 'the library does not import itself by name: use the path of a door'
  if (!specifier.startsWith('.')) return undefined // packages: dependencies are kept by package.json, drivers by .oxlintrc.json
  const target = posix.join(posix.dirname(path), specifier)
  const isTest = path.endsWith('.test.ts')
  if (target.startsWith('../')) return isTest && target.startsWith('../test/support/') ? undefined : 'it leaves src'
  if (!sources.has(target)) return 'there is no such file'
  if (target.endsWith('.test.ts')) return 'a test is imported by nobody'

  const from = unitOf(path)
  const to = unitOf(target)
  if (from === undefined || to === undefined) return undefined // told once, for the file itself
  if (from.name === to.name) return undefined
  if (isTest && target === 'testing/index.ts') return undefined // the kit is for tests, ours among them
  if (edges.has(from.name) && !publicDoors.has(target))
    return `${from.name} may use public doors only, and package.json does not export this one`
  if (to.name.startsWith('surfaces/') && to.name !== 'surfaces/surface.ts') {
    if (from.name.startsWith('surfaces/')) return 'a surface never imports another: what both need is a service'
    if (namesNoSurface.has(from.name)) return `${from.name} names no surface`
  }
  if (to.line >= from.line) return `${to.name} is below ${from.name} in the house`
  const door = to.name.endsWith('.ts') ? to.name : `${to.name}/index.ts`
  if (target !== door && !publicDoors.has(target)) return `enter by the door, ${door}`
  return undefined
}

interface Unit {
  name: string
  line: number
}

/** The folder or file that has its own line: `surfaces/memory/read.ts` → `surfaces/memory`. */
function unitOf(path: string): Unit | undefined {
  const parts = path.split('/')
  const names = [path, parts.slice(0, 2).join('/'), parts[0] ?? '']
  for (const name of names) {
    const line = lines.findIndex((units) => units.includes(name))
    if (line !== -1) return { name, line }
  }
  if (parts[0] !== 'surfaces' || parts.length < 3) return undefined
  return { name: parts.slice(0, 2).join('/'), line: lines.findIndex((units) => units.includes('surfaces/*')) }
}

interface Import {
  /** `undefined` when the path is computed */
  specifier: string | undefined
  line: number
  star: boolean
}

/** Reads every import of a file from its syntax tree, types and `import()` among them; comments and strings are none. */
function readImports(path: string, text: string): Import[] {
  const found: Import[] = []
  const add = (node: { source: { type: string; value?: unknown } | null; start: number }, star = false): void => {
    if (node.source === null) return // an export of its own
    const { value } = node.source
    const line = text.slice(0, node.start).split('\n').length
    found.push({ specifier: typeof value === 'string' ? value : undefined, line, star })
  }
  const { program, errors } = parseSync(path, text)
  if (errors[0] !== undefined) throw new SyntaxError(`${path}: ${errors[0].message}`)
  new Visitor({
    ImportDeclaration: (node) => add(node),
    ExportNamedDeclaration: (node) => add(node),
    ExportAllDeclaration: (node) => add(node, true),
    ImportExpression: (node) => add(node),
    TSImportType: (node) => add(node),
  }).visit(program)
  return found
}
