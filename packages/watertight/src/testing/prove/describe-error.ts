/** Says what was thrown, whatever it is. */
export function describeError(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  } catch {
    return 'It threw something that cannot be read.'
  }
}
