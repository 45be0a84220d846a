import { equal } from 'node:assert/strict'

import type { Kind } from '../kind.ts'
import type { Owner } from '../owners.ts'

/** Answers that are kept for questions of the same meaning. */
export interface AnswerCache {
  answer(caller: Owner, question: string, compute: () => string): Promise<string>
}

export const cacheKind: Kind<AnswerCache> = {
  name: 'cache',
  store: 'cache',

  // A cache that never hits isolates everybody, and is none.
  async contract(cache, owner) {
    let computed = 0
    const compute = () => `answer ${++computed}`
    equal(await cache.answer(owner, 'What is my balance?', compute), 'answer 1')
    equal(await cache.answer(owner, 'What is my balance?', compute), 'answer 1')
    equal(await cache.answer(owner, 'what is my current balance', compute), 'answer 1')
    equal(await cache.answer(owner, 'When does the office close?', compute), 'answer 2')
  },

  async seed(cache, owner, secret) {
    await cache.answer(owner, 'What is my balance?', () => `The balance of the account ${secret} is nought.`)
    return ''
  },

  // Evicted or not, the owner's next answer is the owner's.
  own: (cache, owner) => cache.answer(owner, 'What is my balance?', () => 'nothing was kept'),

  attempts: {
    'ask the same question': ({ component, caller }) =>
      component.answer(caller, 'What is my balance?', () => 'nothing was kept'),
    'ask a question of the same meaning': ({ component, caller }) =>
      component.answer(caller, 'Tell me what my balance is', () => 'nothing was kept'),
  },
}
