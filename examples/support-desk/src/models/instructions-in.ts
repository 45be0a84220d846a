/** An instruction that stands in a text: call this tool with that, here or in a foreign place. */
export interface Instruction {
  readonly tool: string
  readonly target: string
  readonly place: string | undefined
}

/** Finds the instructions in whatever was read, no matter who wrote it. */
export function instructionsIn(texts: readonly string[]): Instruction[] {
  return texts.flatMap((text) =>
    [...text.matchAll(/\bcall (\w+) with ([\w-]+)(?: of ([\w-]+))?/gi)].map(([, tool = '', target = '', place]) => ({
      tool,
      target,
      place,
    })),
  )
}
