/** The part of the sentence model that is used here. */
export interface SentenceModelLike {
  readonly tokenizer: { encode(text: string): readonly number[] }
  embed(texts: string[]): Promise<number[][]>
}

// The model reads this many word pieces of a text and silently drops the rest.
const longestWindow = 128
// Finding word pieces takes quadratic time, so a long text is cut before it is counted.
const longestCount = 1000
// Eight short texts together take a third of their time alone; more gain nothing and cost memory.
const batchSize = 8

/**
 * Embeds texts of any length: a long one is cut into windows that the model can read, and gets the mean of their vectors.
 *
 * @returns one vector for each text, of length one
 */
export async function embedTexts(
  model: SentenceModelLike,
  texts: readonly string[],
): Promise<Float32Array<ArrayBuffer>[]> {
  const windows = texts.flatMap((text, owner) => windowsOf(model, text).map((window) => ({ owner, window })))
  const sums = texts.map(() => new Float32Array(0))
  for (const batch of batchesOf(windows)) {
    const vectors = await model.embed(batch.map(({ window }) => window))
    batch.forEach(({ owner }, index) => {
      sums[owner] = add(sums[owner], vectors[index] ?? [])
    })
  }
  return sums.map(normalise)
}

function windowsOf(model: SentenceModelLike, text: string): string[] {
  const fits = text.length <= longestCount && model.tokenizer.encode(text).length <= longestWindow
  if (fits) return [text]
  const middle = Math.floor(text.length / 2)
  const gap = text.lastIndexOf(' ', middle)
  // Without a gap in the second quarter the halves would be lopsided, and text without any gap would never get shorter.
  const cut = gap > middle / 2 ? gap : middle
  return [text.slice(0, cut), text.slice(cut)]
    .filter((part) => part.trim() !== '')
    .flatMap((part) => windowsOf(model, part))
}

// Texts of one batch are filled up to the longest, so texts of similar length go together.
function batchesOf<Item extends { readonly window: string }>(items: readonly Item[]): Item[][] {
  const sorted = items.toSorted((one, other) => one.window.length - other.window.length)
  const count = Math.ceil(sorted.length / batchSize)
  return Array.from({ length: count }, (_, index) => sorted.slice(index * batchSize, (index + 1) * batchSize))
}

function add(sum: Float32Array<ArrayBuffer> | undefined, vector: readonly number[]): Float32Array<ArrayBuffer> {
  return Float32Array.from(vector, (value, index) => value + (sum?.[index] ?? 0))
}

function normalise(vector: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const length = Math.hypot(...vector)
  if (!Number.isFinite(length) || length === 0)
    throw new RangeError('The model gave no usable vector. Embed other text.')
  return vector.map((value) => value / length)
}
