import { wrapLanguageModel, type LanguageModel } from 'ai'

/** A model that was made; the SDK takes names of models too, which are of no use here. */
export type Model = Extract<LanguageModel, { readonly specificationVersion: 'v4' }>

/** Listens at the model itself: what it is given is told as it arrives there, whatever happened to it on the way. */
export function overhear(model: Model): { readonly model: Model; readonly messages: () => readonly string[] } {
  const heard = new Set<string>() // every step repeats the messages of the steps before
  const listening = wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      transformParams: async ({ params }) => {
        for (const message of params.prompt) heard.add(JSON.stringify(message))
        return params
      },
    },
  })
  return { model: listening, messages: () => [...heard] }
}
