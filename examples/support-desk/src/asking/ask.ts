import { AISDKError, generateText, stepCountIs } from 'ai'
import type { Explanation } from 'watertight'
import { recordUnknownTools, toAiTools } from 'watertight/ai-sdk'

import type { DeskCompartment } from '../desk/open-desk.ts'
import { overhear, type Model } from '../models/overhear.ts'
import type { Decision } from './decide-refund.ts'
import { hearCalls, type HeardCall } from './hear-calls.ts'

/** One run: the answer, and everything that left the desk on the way to it. */
export interface Transcript {
  readonly runId: string
  /** What the model said, each time that it was asked. */
  readonly answer: string
  /** Every message that the model was given, and every call and result, as JSON. */
  readonly messages: readonly string[]
  /** Every call of a tool that exists, with what the model gave. */
  readonly calls: readonly HeardCall[]
  readonly explanation: Explanation
  /** What became of the requests for consent, where the question can need one. */
  readonly decision: Decision | undefined
}

const instructions = 'You are the support desk of the Northstar companies. Answer with the tools that you have.'

/**
 * Asks a model one question as one person, with that person's tools and nothing else.
 *
 * @param decide where the answer may have to wait for a person: asks them. Then the question is asked again, in the same
 *   run: a consent holds in no other
 */
export async function ask(
  desk: DeskCompartment,
  model: Model,
  question: string,
  decide?: (runId: string) => Promise<Decision>,
): Promise<Transcript> {
  await using run = await desk.startRun({ agent: 'support-desk', promptVersion: 'support-desk-v1' })
  const review = await run.memory.get('next_review')
  if (review) await run.context.add(review)

  const heard = overhear(model)
  const { tools, calls } = hearCalls(run.tools)
  const aiTools = await toAiTools({ ...run, tools })
  const answers: string[] = []
  const told = new Set<string>()
  const turn = async (): Promise<void> => {
    const { text, messages } = await generateText({
      model: heard.model,
      tools: aiTools,
      instructions,
      prompt: `${run.context.text()}\n\n${question}`,
      stopWhen: stepCountIs(12),
      maxRetries: 1,
      repairToolCall: recordUnknownTools(run),
    }).then(
      ({ text: answer, response }) => ({ text: answer, messages: response.messages }),
      (error: unknown) => ({ text: failureOf(error), messages: [] }),
    )
    answers.push(text)
    for (const message of messages) told.add(JSON.stringify(message))
  }
  await turn()
  const decision = await decide?.(run.id)
  if (decision && decision.verdict !== 'nothing-asked') await turn()
  if (decision?.verdict === 'approved') await turn() // once more, as after an answer that was lost: it is done already
  await run.end()

  const messages = [...new Set([...heard.messages(), ...told])]
  return {
    runId: run.id,
    answer: answers.join('\n'),
    messages,
    calls,
    explanation: await desk.explain(run.id),
    decision,
  }
}

// A real model may be away, or out of quota: that is an answer too, and no reason to leave the others unasked.
function failureOf(error: unknown): string {
  if (AISDKError.isInstance(error)) return `The model failed: ${error.message}`
  throw error
}
