import { Authority } from '../../src/boundary/index.ts'
import { openStore } from '../../src/store/index.ts'

/**
 * A process of its own that opens a data folder. It prints `open`, or the code of the refusal; then it writes memories,
 * printing the key of each that was acknowledged, until it is killed or has written as many as it was told.
 */
const [folder = '', count = '0'] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)
try {
  const authority = new Authority()
  const store = await openStore({ database: folder }, authority)
  say('open')
  if (count !== '0') {
    const { settle } = await import('./store-write.ts')
    const write = await settle(store, authority)
    for (let at = 0; at < Number(count); at++) say(`wrote ${await write(at)}`)
  }
  // Until it is told otherwise: the folder stays open.
  await new Promise((resolve) => process.stdin.once('data', resolve))
  await store.close()
} catch (error) {
  say(error instanceof Error && 'code' in error ? String(error.code) : String(error))
}
process.exit(0)
