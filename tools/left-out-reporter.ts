import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node'

/** Ends a run with one line for each reason why tests were left out: a green run must not hide what it did not try. */
export default class LeftOutReporter implements Reporter {
  #filtered = false

  onInit(vitest: Vitest): void {
    this.#filtered = vitest.config.testNamePattern !== undefined
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    if (this.#filtered) return // `-t` marks all that it does not choose as skipped
    const reasons = modules.flatMap((module) => [...module.children.allTests('skipped')].map(reasonOf))
    for (const reason of new Set(reasons)) console.log(`left out: ${reason}`)
  }
}

/** The title that `whenReachable` gave to a group (test/support/require.ts), or the test itself and its note. */
function reasonOf(skipped: TestCase): string {
  for (let parent = skipped.parent; parent.type === 'suite'; parent = parent.parent) {
    if (parent.name.startsWith('left out: ')) return parent.name.slice('left out: '.length)
  }
  const result = skipped.result()
  const note = result.state === 'skipped' ? result.note : undefined
  return `${skipped.module.relativeModuleId} > ${skipped.fullName} (${note ?? 'no reason given'})`
}
