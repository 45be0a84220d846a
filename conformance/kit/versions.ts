import { readFileSync } from 'node:fs'

/** The version of a package that is installed in this folder. Read from its files, since many export no package.json. */
export function versionOf(name: string): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8'),
  )
  return manifest.version
}
