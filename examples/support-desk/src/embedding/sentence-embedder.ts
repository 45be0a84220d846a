import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

import type { Embedder } from './embedder.ts'
import type { EmbedRequest, EmbedResponse } from './messages.ts'

interface Waiting {
  readonly resolve: (vectors: Float32Array[]) => void
  readonly reject: (reason: Error) => void
}

/**
 * Opens a sentence model that runs offline, in a thread of its own, with the weights of an installed package.
 *
 * Loading starts at once and takes no time of the calling thread.
 */
export function openSentenceEmbedder(): Embedder {
  const worker = new Worker(workerAddress())
  const waiting = new Map<number, Waiting>()
  let requests = 0
  let gone: Error | undefined

  const giveUp = (reason: Error): void => {
    gone ??= reason
    for (const { reject } of waiting.values()) reject(gone)
    waiting.clear()
  }
  worker.on('message', (response: EmbedResponse) => settle(waiting, response))
  worker.on('error', (error) =>
    giveUp(new Error('The embedding worker failed. Open a new embedder.', { cause: error })),
  )
  worker.on('exit', () => giveUp(new Error('The embedder is closed. Open a new one.')))
  worker.unref() // an idle embedder must not keep the process alive

  return {
    id: 'universal-sentence-encoder-lite@energetic-ai-0.2.0',
    dimensions: 512,
    async embed(texts) {
      if (gone) throw gone
      if (texts.some((text) => text.trim() === '')) throw new TypeError('An empty text has no vector. Leave it out.')
      if (texts.length === 0) return []
      return await ask(worker, waiting, { id: requests++, texts: [...texts] })
    },
    async close() {
      await worker.terminate()
    },
  }
}

// Run as it stands this file is TypeScript and so is the worker; once built, both are JavaScript.
function workerAddress(): URL {
  return new URL(`./worker${extname(new URL(import.meta.url).pathname)}`, import.meta.url)
}

async function ask(worker: Worker, waiting: Map<number, Waiting>, request: EmbedRequest): Promise<Float32Array[]> {
  worker.ref() // idle no longer: somebody waits for the answer
  try {
    return await new Promise((resolve, reject) => {
      waiting.set(request.id, { resolve, reject })
      worker.postMessage(request)
    })
  } finally {
    if (waiting.size === 0) worker.unref()
  }
}

function settle(waiting: Map<number, Waiting>, response: EmbedResponse): void {
  const caller = waiting.get(response.id)
  waiting.delete(response.id)
  if ('vectors' in response) caller?.resolve(response.vectors)
  else caller?.reject(new Error(`The sentence model failed. ${response.failure}`))
}
