import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * What keeps compartments apart, each beside the others: the conditions that statements name themselves, the comparison
 * of what came back with whoever asked, and the policies of the database.
 */
export const layers = ['filter', 'ownership check', 'policy'] as const
export type Layer = (typeof layers)[number]

/** One change of a test build: in this file, this text, exactly so many times. */
interface Replacement {
  readonly file: string
  readonly find: RegExp
  readonly put: string | ((...match: string[]) => string)
  readonly times: number
}

const sql = (name: string) => `node_modules/watertight/dist/store/migrations/${name}.sql`
const js = (name: string) => `node_modules/watertight/dist/${name}.js`

const anyPolicy =
  /(create policy \w+ on \S+(?: as restrictive)?(?: for (\w+))? to :"app"\s+)(?:using|with check) \([^;]*;/g
const openPolicy = (_all: string, head = '', operation = '') =>
  `${head}${operation === 'insert' ? 'with check' : 'using'} (true);`

const nobodysPlace = /'00000000-0000-0000-0000-000000000000'/.source

/** What switches a layer off: the library first, then the example where it has a part of its own. */
const switches: Readonly<Record<Layer, readonly Replacement[]>> = {
  filter: [
    {
      file: sql('0003-runs-and-audit'),
      find: /\((\w)\.tenant_id, \1\.workspace_id(?:, \1\.member_id)?\) = \(select [^()]* from wt\.boundary\(\) b\)\s+and /g,
      put: '',
      times: 6,
    },
    {
      file: sql('0004-memory'),
      find: new RegExp(
        String.raw`m\.tenant_id = memory_\w+\.tenant and (?:m\.workspace_id = (?:memory_\w+\.workspace|${nobodysPlace}) and )?(?:m\.member_id = memory_\w+\.member and )?`,
        'g',
      ),
      put: '',
      times: 9,
    },
    {
      file: sql('0009-cheaper-checks'),
      find: new RegExp(
        String.raw`m\.tenant_id = memory_get_\w+\.tenant and (?:m\.workspace_id = (?:memory_get_\w+\.workspace|${nobodysPlace}) and )?(?:m\.member_id = memory_get_\w+\.member and )?`,
        'g',
      ),
      put: '',
      times: 3,
    },
    {
      file: sql('0005-retrieval'),
      find: /g\.tenant_id = retrieval_generations\.tenant and g\.workspace_id = retrieval_generations\.workspace\s+and g\.datasource_id = any \(datasources\) and /g,
      put: '',
      times: 1,
    },
    {
      file: sql('0005-retrieval'),
      find: /c\.tenant_id = retrieval_chunks\.tenant and c\.workspace_id = retrieval_chunks\.workspace\s+and /g,
      put: '',
      times: 1,
    },
    {
      // A parameter that no condition names has no type.
      file: js('surfaces/retrieval/postgres-index'),
      find: /tenant_id = \$1 and workspace_id = \$2 and datasource_id = any \(\$3\) and /g,
      put: '$$1::uuid is not null and $$2::uuid is not null and $$3::uuid[] is not null and ',
      times: 2,
    },
    {
      file: js('surfaces/retrieval/postgres-index'),
      find: /\(tenant_id, workspace_id, datasource_id, embedder\) = \(\$1, \$2, \$3, \$4\) order by/g,
      put: '$$1::uuid is not null and $$2::uuid is not null and datasource_id = $$3 and embedder = $$4 order by',
      times: 1,
    },
    {
      file: js('store/table-ids'),
      find: /\$\{tenantColumn\} = \$\$\{first\} and \$\{workspaceColumn\} = \$\$\{first \+ 1\}/g,
      put: '$$$${first}::text is not null and $$$${first + 1}::text is not null',
      times: 1,
    },
    // Start-up would find the functions altered, and refuse to serve.
    { file: js('store/preflight/guard'), find: /if \(actual === detail \|\|/g, put: 'if (true ||', times: 1 },
  ],
  'ownership check': [
    {
      file: js('surfaces/memory/compartment-memory'),
      find: /const same = [^;]*;/g,
      put: 'const same = true;',
      times: 1,
    },
    {
      file: js('surfaces/retrieval/compartment-retrieval'),
      find: /if \(samePlace && allowedDatasourceIds\.includes\(datasourceId\)\)/g,
      put: 'if (true)',
      times: 1,
    },
    {
      file: js('surfaces/tools/records'),
      find: /return owner\['tenantId'\] === tenantId[^;]*;/g,
      put: 'return true;',
      times: 1,
    },
    // A row that says whose it is, wherever it stands.
    { file: js('surfaces/tools/foreign-owners'), find: /return foreign;/g, put: 'return 0;', times: 1 },
    {
      // What has no name here could not be labelled; the comparison above is what keeps it out.
      file: js('surfaces/retrieval/postgres-index'),
      find: /\?\? '';/g,
      put: "?? 'nameless';",
      times: 1,
    },
    { file: js('boundary/label'), find: /if \(!isOwn\(state, owned\)\)/g, put: 'if (false)', times: 1 },
    {
      file: js('boundary/assert-in-boundary'),
      find: /if \(tenantId !== state\.tenantId \|\| workspaceId !== state\.workspaceId\)/g,
      put: 'if (false)',
      times: 1,
    },
  ],
  policy: [
    { file: sql('0003-runs-and-audit'), find: anyPolicy, put: openPolicy, times: 9 },
    { file: sql('0004-memory'), find: anyPolicy, put: openPolicy, times: 8 },
    { file: sql('0005-retrieval'), find: anyPolicy, put: openPolicy, times: 16 },
    { file: sql('0009-cheaper-checks'), find: /alter policy [^;]*;/g, put: '', times: 3 },
    { file: sql('0012-effects-and-approvals'), find: anyPolicy, put: openPolicy, times: 14 },
    {
      file: js('migrate/protect-table'),
      find: /(create policy floor on [^;]*?\n\s*using) \([^;]*;/g,
      put: '$1 (true);',
      times: 1,
    },
    // Start-up would find the policies open, and refuse to serve.
    { file: js('store/preflight/preflight'), find: /if \(findings\.length > 0\)/g, put: 'if (false)', times: 2 },
  ],
}

const exampleSwitches: Readonly<Partial<Record<Layer, readonly Replacement[]>>> = {
  policy: [
    { file: 'examples/support-desk/migrations/0002-protect-ticket.sql', find: anyPolicy, put: openPolicy, times: 2 },
    { file: 'examples/support-desk/migrations/0005-protect-refund.sql', find: anyPolicy, put: openPolicy, times: 2 },
  ],
}

/** A copy of the built library in a folder of its own, where scripts find it as `watertight`. */
export interface TestBuild extends Disposable {
  readonly folder: string
  /** Runs a script of the folder. Ends it after `seconds`. */
  run(script: string, parameters?: readonly string[], seconds?: number): Promise<Ended>
}

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Makes a test build in which layers are switched off. Nothing of the kind can be asked of the library itself.
 *
 * @param off the layers; none for an untouched copy
 * @param options `example`: the support desk too; `scripts`: TypeScript files to copy beside it
 * @throws {TypeError} when a change does not match exactly as often as it must: the layer would be half on
 */
export function buildWithout(
  off: readonly Layer[],
  options: { readonly example?: boolean; readonly scripts?: readonly string[] } = {},
): TestBuild {
  const { example = false, scripts = [] } = options
  const folder = mkdtempSync(join(tmpdir(), 'watertight-without-'))
  try {
    copy(folder, example)
    for (const script of scripts) cpSync(script, join(folder, script.slice(dirname(script).length + 1)))
    for (const layer of off) {
      for (const replacement of switches[layer]) replace(folder, replacement)
      if (example) for (const replacement of exampleSwitches[layer] ?? []) replace(folder, replacement)
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  return {
    folder,
    run: (script, parameters = [], seconds = 120) => runScript(folder, script, parameters, seconds),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const repository = fileURLToPath(new URL('../../../../', import.meta.url))

function copy(folder: string, example: boolean): void {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const [ours, theirs] = [join(folder, 'node_modules'), join(repository, 'node_modules')]
  mkdirSync(ours)
  for (const name of readdirSync(theirs)) {
    if (!name.startsWith('.') && name !== 'watertight' && name !== 'support-desk')
      symlinkSync(join(theirs, name), join(ours, name))
  }
  const library = join(repository, 'packages/watertight')
  copyParts(library, join(ours, 'watertight'), ['package.json', 'dist'])
  symlinkSync(join(library, 'node_modules'), join(ours, 'watertight/node_modules'))
  if (!example) return
  const desk = join(folder, 'examples/support-desk')
  copyParts(join(repository, 'examples/support-desk'), desk, ['package.json', 'dist', 'migrations'])
}

function copyParts(from: string, to: string, parts: readonly string[]): void {
  for (const part of parts) cpSync(join(from, part), join(to, part), { recursive: true })
}

function replace(folder: string, { file, find, put, times }: Replacement): void {
  const path = join(folder, file)
  const text = readFileSync(path, 'utf8')
  const found = [...text.matchAll(find)].length
  if (found !== times)
    throw new TypeError(
      `without-layer: ${find} is ${found} times in ${file}, not ${times}. Build the library, or bring the switch up to date.`,
    )
  writeFileSync(path, typeof put === 'string' ? text.replace(find, put) : text.replace(find, put))
}

async function runScript(
  folder: string,
  script: string,
  parameters: readonly string[],
  seconds: number,
): Promise<Ended> {
  const { OPENAI_BASE_URL: _base, OPENAI_API_KEY: _key, NODE_OPTIONS: _options, ...env } = process.env
  return await new Promise((resolve) => {
    const settings = { cwd: folder, env, timeout: seconds * 1000, maxBuffer: 64 * 1024 * 1024 }
    execFile(process.execPath, [script, ...parameters], settings, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, stdout, stderr })
    })
  })
}
