/** What a step came to. */
export type StepResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly kind: 'threw' | 'timed-out'; readonly error?: unknown }

/**
 * Takes one step with a target, which is foreign code: it may throw, or never come back. What comes after the time is over
 * is ignored, a rejection among it.
 *
 * @param limit in milliseconds
 * @param work is given a signal that is aborted when the time is over
 */
export async function takeStep<Value>(
  limit: number,
  work: (signal: AbortSignal) => Value | Promise<Value>,
): Promise<StepResult<Awaited<Value>>> {
  const controller = new AbortController()
  const over = Promise.withResolvers<{ readonly ok: false; readonly kind: 'timed-out' }>()
  const timer = setTimeout(() => {
    over.resolve({ ok: false, kind: 'timed-out' })
    controller.abort(new DOMException('The time of the step is over.', 'TimeoutError'))
  }, limit)
  const done = attempt(() => work(controller.signal))
  try {
    return await Promise.race([done, over.promise])
  } finally {
    clearTimeout(timer)
  }
}

async function attempt<Value>(work: () => Value | Promise<Value>): Promise<StepResult<Awaited<Value>>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    return { ok: false, kind: 'threw', error }
  }
}
