/**
 * A plugin of Stryker that leaves out the words of messages. Which class is thrown, with which code, reason and field, is
 * mutated; how the sentence reads decides nothing.
 */
interface SyntaxNode {
  readonly type: string
  readonly callee?: { readonly name?: string }
  readonly arguments?: readonly unknown[]
}

interface SyntaxPath {
  readonly node: SyntaxNode
  readonly parent?: SyntaxNode | null
}

/** Which arguments of a constructor are words for people alone. */
const wordsOf: Readonly<Record<string, readonly number[]>> = {
  TypeError: [0],
  InvalidInput: [1], // the first names the field, by which callers tell refusals apart
  KeysRefused: [0, 1],
}

export const strykerPlugins = [{ kind: 'Ignore', name: 'messages', value: { shouldIgnore } }]

function shouldIgnore({ node, parent }: SyntaxPath): string | undefined {
  if (node.type !== 'StringLiteral' && node.type !== 'TemplateLiteral') return undefined
  if (parent?.type !== 'NewExpression') return undefined
  const at = parent.arguments?.indexOf(node) ?? -1
  const words = wordsOf[parent.callee?.name ?? '']
  return words?.includes(at) === true ? 'the words of a message' : undefined
}
