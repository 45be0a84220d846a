import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

interface Alias {
  find: RegExp
  replacement: string
}

const library = new URL('../packages/watertight/', import.meta.url)

/**
 * Maps each public import of the library to its source file, from the `exports` of its package.json.
 *
 * Tests import source files by path and the library by name. Without this the name would load `dist`: a second copy of the
 * module that makes boundaries, whose brand the first copy refuses.
 */
export function sourceAliases(): Alias[] {
  const { name, exports } = readManifest()
  return Object.entries(exports).flatMap(([subpath, entry]) => {
    if (typeof entry === 'string') return [] // a plain file, such as ./package.json
    const source = sourceOf(entry.default)
    const specifier = subpath === '.' ? name : `${name}/${subpath.slice('./'.length)}`
    // A pattern, since a plain string would also match every longer import; no subpath holds a character that means more.
    return [{ find: new RegExp(`^${specifier}$`), replacement: fileURLToPath(new URL(source, library)) }]
  })
}

/** The source of a built file: `./dist/memory/index.js` → `./src/memory/index.ts`. */
export function sourceOf(built: string): string {
  return built.replace(/^\.\/dist\//, './src/').replace(/\.js$/, '.ts')
}

interface Manifest {
  name: string
  exports: Record<string, string | { types: string; default: string }>
  dependencies: Record<string, string>
  peerDependencies: Record<string, string>
  peerDependenciesMeta: Record<string, { optional?: boolean }>
}

/** Reads the library's package.json: our own file, whose shape test/packaging/exports.test.ts keeps. */
export function readManifest(): Manifest {
  const manifest: Manifest = JSON.parse(readFileSync(new URL('package.json', library), 'utf8'))
  return manifest
}
