/** The process in which a target is proved: its arguments are the module of the target, and the options of the flags. */
import { setTimeout } from 'node:timers/promises'

import { prove } from '../../testing/index.ts'
import type { IsolationTarget, ProveOptions } from '../../testing/index.ts'
import { setupProblem } from './outcome.ts'
import type { Outcome, ProvingMessage } from './outcome.ts'

/** What the target left behind gets so long to fail, in milliseconds: the report must not outrun an error that nobody caught. */
const aftermath = 50

/** How often the process says that it still gives back control, in milliseconds. */
const heartbeat = 200

/** What Node says of an ES module that it took for CommonJS. */
const notAModule = /outside a module|Unexpected token 'export'/

const send = (message: ProvingMessage) => process.send?.(message)

setInterval(() => send({ kind: 'alive' }), heartbeat).unref()
process.on('disconnect', () => process.exit(2)) // the command is gone
const outcome = await run(process.argv[2] ?? '', process.argv[3] ?? '{}')
await setTimeout(aftermath)
send({ kind: 'outcome', outcome })

async function run(url: string, flags: string): Promise<Outcome> {
  let isBegun = false
  try {
    // The path is the user's: a computed import is what this command is for.
    const module: unknown = await load(url)
    const { target, options } = await readModule(module)
    const given: unknown = JSON.parse(flags)
    return await prove(target, {
      ...options,
      ...(typeof given === 'object' ? given : {}),
      onProgress: (progress) => {
        isBegun = true
        send({ kind: 'progress', progress })
      },
    })
  } catch (error) {
    // From then on the target knows the secrets, which an error of its own may hold.
    if (isBegun)
      return setupProblem('the proof', 'It failed with an error, which is not repeated: it may hold a secret.')
    return setupProblem('loading the target', describe(error))
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'It threw something that is no error.'
  const isCommonJs = error instanceof SyntaxError && notAModule.test(error.message)
  return isCommonJs ? `${error.message}. Add "type": "module" to package.json.` : error.message
}

function load(url: string): Promise<unknown> {
  return import(url)
}

async function readModule(module: unknown): Promise<{ target: IsolationTarget; options: ProveOptions }> {
  const exported = new Map<string, unknown>(typeof module === 'object' && module !== null ? Object.entries(module) : [])
  const made = exported.get('default')
  const target = isMaker(made) ? await made() : made
  if (target === undefined)
    throw new TypeError('The module has no default export: export the target, or a function that makes it.')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- prove() checks its functions
  return { target: target as IsolationTarget, options: exported.get('options') ?? {} }
}

function isMaker(value: unknown): value is () => unknown {
  return typeof value === 'function'
}
