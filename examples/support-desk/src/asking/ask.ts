import { AISDKError, generateText, stepCountIs } from 'ai'
import type { Explanation } from 'watertight'
import { recordUnknownTools, toAiTools } from 'watertight/ai-sdk'

import type { DeskCompartment } from '../desk/open-desk.ts'
import { overhear, type Model } from '../models/overhear.ts'

/** One run: the answer, and everything that left the desk on the way to it. */
export interface Transcript {
  readonly runId: string
  readonly answer: string
  /** Every message that the model was given, and every call and result, as JSON. */
  readonly messages: readonly string[]
  readonly explanation: Explanation
}

const instructions = 'You are the support desk of the Northstar companies. Answer with the tools that you have.'

/** Asks a model one question as one person, with that person's tools and nothing else. */
export async function ask(desk: DeskCompartment, model: Model, question: string): Promise<Transcript> {
  await using run = await desk.startRun({ agent: 'support-desk', promptVersion: 'support-desk-v1' })
  const review = await run.memory.get('next_review')
  if (review) await run.context.add(review)

  const heard = overhear(model)
  const { text, messages } = await generateText({
    model: heard.model,
    tools: await toAiTools(run),
    instructions,
    prompt: `${run.context.text()}\n\n${question}`,
    stopWhen: stepCountIs(12),
    maxRetries: 1,
    repairToolCall: recordUnknownTools(run),
  }).then(
    ({ text: answer, response }) => ({ text: answer, messages: response.messages }),
    (error: unknown) => ({ text: failureOf(error), messages: [] }),
  )
  await run.end()

  const told = new Set([...heard.messages(), ...messages.map((message) => JSON.stringify(message))])
  return { runId: run.id, answer: text, messages: [...told], explanation: await desk.explain(run.id) }
}

// A real model may be away, or out of quota: that is an answer too, and no reason to leave the others unasked.
function failureOf(error: unknown): string {
  if (AISDKError.isInstance(error)) return `The model failed: ${error.message}`
  throw error
}
