import type { ProveProgress } from '../../testing/index.ts'

/** Shows how far a proof is, on stderr: in one line of a terminal, otherwise in a line for each quarter. */
export function showProgress(): (progress: ProveProgress) => void {
  const { stderr } = process
  let quarter = -1
  return ({ done, total, step }) => {
    const text = `${done} of ${total}  ${step}`
    if (stderr.isTTY) {
      stderr.write(`\r\u001b[2K${text.slice(0, stderr.columns - 1)}`)
      if (done + 1 >= total) stderr.write('\r\u001b[2K')
      return
    }
    const reached = total === 0 ? 0 : Math.floor((4 * done) / total)
    if (reached !== quarter) stderr.write(`${text}\n`)
    quarter = reached
  }
}
