import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import type { ProveOptions, ProveProgress } from '../../testing/index.ts'
import { setupProblem } from './outcome.ts'
import type { Outcome, ProvingMessage } from './outcome.ts'

/**
 * Proves a target in a process of its own: one that ends the process, fills the memory or never gives back control must
 * not take the report with it.
 *
 * @param url the module of the target
 * @param options as flags gave them
 * @param onProgress hears of each step
 */
export function proveInProcess(
  url: string,
  options: ProveOptions,
  onProgress: (progress: ProveProgress) => void,
): Promise<Outcome> {
  // Three steps may follow one another in one turn of a busy machine; what is silent for longer does not come back.
  const patience = 3 * (options.timeout ?? 10_000) + 5_000
  const child = fork(fileURLToPath(new URL('./child.js', import.meta.url)), [url, JSON.stringify(options)], {
    execArgv: process.features.typescript === false ? ['--experimental-strip-types'] : [],
    // What a target prints is no part of the report.
    stdio: ['ignore', 2, 2, 'ipc'],
  })
  return new Promise((resolve) => {
    let step = 'loading the target'
    const finish = (outcome: Outcome) => {
      clearTimeout(watchdog)
      child.kill('SIGKILL') // it may hold sockets and timers for ever
      resolve(outcome)
    }
    const watchdog = setTimeout(
      () => finish(setupProblem(step, `The process did not give back control for ${patience} ms.`)),
      patience,
    )
    child.on('message', (message: ProvingMessage) => {
      watchdog.refresh()
      if (message.kind === 'outcome') finish(message.outcome)
      if (message.kind !== 'progress') return
      step = message.progress.step
      onProgress(message.progress)
    })
    child.on('error', ({ message }) => finish(setupProblem(step, message)))
    child.on('exit', (code, signal) =>
      finish(
        setupProblem(step, `The target ended the process with ${signal ?? `code ${code}`}, before the proof was done.`),
      ),
    )
  })
}
