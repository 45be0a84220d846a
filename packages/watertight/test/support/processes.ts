import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface NodeProcess extends AsyncDisposable {
  readonly pid: number | undefined
  /** Its standard output by lines, from the first one on. One may leave a loop over them and go on in another. */
  readonly lines: AsyncIterable<string>
  /** What it has written to standard error so far. */
  readonly stderr: string
  readonly exited: Promise<Exit>
  /** Ends it as a power cut would: it has no chance to tidy up. */
  kill(): Promise<Exit>
}

/**
 * Starts a .ts or .js file in a Node process of its own, which a test may kill.
 *
 * @param script the path of the file
 * @param env added to the environment of this process
 * @param flags for Node itself
 */
export function spawnNode(
  script: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
  flags: readonly string[] = [],
): NodeProcess {
  const child = spawn(process.execPath, [...flags, script, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = exitOf(child)
  const reader = createInterface({ input: child.stdout })[Symbol.asyncIterator]() // keeps lines from now on
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  const kill = () => {
    child.kill('SIGKILL')
    return exited
  }
  return {
    pid: child.pid,
    lines: { [Symbol.asyncIterator]: () => ({ next: () => reader.next() }) }, // no `return`: a loop closes nothing
    get stderr() {
      return stderr
    },
    exited,
    kill,
    async [Symbol.asyncDispose]() {
      await kill()
    },
  }
}

/** When a process has ended and all that it wrote has arrived. A process still there when this one ends is killed. */
export function exitOf(child: ChildProcess): Promise<Exit> {
  running.add(child)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      running.delete(child)
      resolve({ code, signal })
    })
  })
}

const running = new Set<ChildProcess>()
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')))
