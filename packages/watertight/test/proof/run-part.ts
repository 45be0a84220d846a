/** The process of one part: told which by its arguments, it sends its progress and its result to whoever forked it. */
import { parts } from './parts.ts'

/** What a part's process sends. */
export type PartMessage =
  | { readonly said: string }
  | { readonly result: import('./part.ts').PartResult }
  | { readonly broken: string }

const [name = '', quick, seed] = process.argv.slice(2)
const load = parts[name]
if (load === undefined || process.send === undefined)
  throw new TypeError('This is no command: run `npm run prove`, which starts one of these for each part.')

const send = (message: PartMessage) => process.send?.(message)
try {
  const part = await load()
  send({ result: await part.run({ quick: quick === 'quick', seed: Number(seed) }, (said) => send({ said })) })
} catch (error) {
  send({ broken: error instanceof Error ? (error.stack ?? error.message) : String(error) })
}
process.disconnect()
