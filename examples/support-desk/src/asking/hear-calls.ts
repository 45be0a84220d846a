import type { RunTools } from 'watertight/tools'

/** A call as the model made it, and whether it came to nothing. */
export interface HeardCall {
  readonly tool: string
  readonly input: unknown
  readonly refused: boolean
}

/** Listens at the tools of a run: what is called is told with the arguments that the model gave. */
export function hearCalls(tools: RunTools): { readonly tools: RunTools; readonly calls: readonly HeardCall[] } {
  const calls: HeardCall[] = []
  const call: RunTools['call'] = async (tool, input, options) => {
    try {
      const observation = await tools.call(tool, input, options)
      calls.push({ tool, input, refused: false })
      return observation
    } catch (error) {
      calls.push({ tool, input, refused: true })
      throw error
    }
  }
  return { tools: { ...tools, call }, calls }
}
