import type { Canary } from '../canaries/canary.ts'
import { createCanaryDetector } from '../canaries/create-canary-detector.ts'
import type { CanaryDetector } from '../canaries/create-canary-detector.ts'
import type { IsolationReport } from '../prove/isolation-report.ts'

interface Judgement {
  readonly pass: boolean
  readonly message: () => string
}

/** Matchers for `expect.extend()`. */
export const isolationMatchers = {
  /** Holds for a value in which no canary is found, in any rendering, and all of which could be looked at. */
  toHoldNoCanary(value: unknown, canaries: CanaryDetector | readonly Canary[]): Judgement {
    const detector = 'scan' in canaries ? canaries : createCanaryDetector(canaries)
    const { clean, findings, gaveUp } = detector.scan(value)
    const lines = findings.map(
      ({ canary, at, rendering }) => `  ${canary} at ${at}, rendered as ${rendering.join(', ')}`,
    )
    const seen = [...lines.slice(0, 20), ...gaveUp.map((reason) => `  not looked at: ${reason}`)].join('\n')
    return {
      pass: clean,
      message: () => (clean ? 'No canary was found, and one was wanted.' : `Canaries were found:\n${seen}`),
    }
  },

  /** Holds for a report of `prove()` that passed. */
  toBeIsolated({ verdict, leaks, problems }: IsolationReport): Judgement {
    const lines = [
      ...leaks.map(({ caller, canary, prompt, at }) => `  ${caller} saw ${canary} at ${at}, after ${prompt}`),
      ...problems.map(({ kind, step, message }) => `  ${kind} in ${step}: ${message}`),
    ]
    const told = lines.slice(0, 20).join('\n')
    return { pass: verdict === 'passed', message: () => `The target ${verdict}.${told === '' ? '' : `\n${told}`}` }
  },
}

/** What `expect()` has after `expect.extend(isolationMatchers)`. */
export interface IsolationMatchers<Result = unknown> {
  /** @param canaries what must not be found: of `foreignTo()`, for one */
  toHoldNoCanary: (canaries: CanaryDetector | readonly Canary[]) => Result
  /** of a report of `prove()`: it passed */
  toBeIsolated: () => Result
}

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends IsolationMatchers<R> {}
}
