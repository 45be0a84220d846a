import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, realpathSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve, sep } from 'node:path'

import { NotFound } from '../../../src/index.ts'
import { defineIncident } from '../incident.ts'
import { requireWhole } from '../kinds/absent.ts'
import { filesKind } from '../kinds/files.ts'
import type { Files } from '../kinds/files.ts'
import { keyOf } from '../owners.ts'
import type { Owner, Scope } from '../owners.ts'

class Leaky implements Files {
  readonly #root = realpathSync(mkdtempSync(join(tmpdir(), 'leaky-files-')))

  async write(caller: Scope, name: string, text: string): Promise<void> {
    await writeFile(this.pathOf(await this.#folder(caller), name), text)
  }

  async read(caller: Scope, name: string): Promise<string> {
    return await orMissing(readFile(this.pathOf(await this.#folder(caller), name), 'utf8'))
  }

  async list(caller: Scope, path: string): Promise<readonly string[]> {
    return await orMissing(readdir(this.pathOf(await this.#folder(caller), path)))
  }

  async link(caller: Scope, name: string, target: string): Promise<void> {
    const folder = await this.#folder(caller)
    await symlink(resolve(folder, target), join(folder, name))
  }

  async folderOf(owner: Owner): Promise<string> {
    return await this.#folder(owner)
  }

  async close(): Promise<void> {
    await rm(this.#root, { recursive: true })
  }

  protected nameOf({ userId }: Scope): string {
    return userId === undefined || userId === '' ? 'default' : userId
  }

  protected pathOf(folder: string, name: string): string {
    return follow(resolve(folder, name))
  }

  async #folder(caller: Scope): Promise<string> {
    const folder = join(this.#root, this.nameOf(caller))
    await mkdir(folder, { recursive: true })
    return folder
  }
}

class Fixed extends Leaky {
  protected override nameOf(caller: Scope): string {
    return createHash('sha256')
      .update(keyOf(requireWhole(caller)))
      .digest('hex')
  }

  protected override pathOf(folder: string, name: string): string {
    const path = super.pathOf(folder, name)
    if (path !== folder && !path.startsWith(folder + sep)) throw new NotFound()
    return path
  }
}

/** Where a path leads once links are followed; of a file that is not there yet, where its folder leads. */
function follow(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(follow(dirname(path)), basename(path))
}

async function orMissing<Result>(reading: Promise<Result>): Promise<Result> {
  return await reading.catch(() => {
    throw new NotFound()
  })
}

export const incident = defineIncident({
  number: 29,
  url: import.meta.url,
  title: 'A folder is named by a header, by default the same for all, and a path leads out of it',
  sources: ['goclaw#1163', 'PraisonAI#4841', 'SwiftBash#82', 'nono#258', 'danny-avila/agents#44'],
  kind: filesKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
  close: (component) => component.close(),
})
