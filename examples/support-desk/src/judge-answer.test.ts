import { describe, expect, test } from 'vitest'

import { judgeAnswer } from './judge-answer.ts'
import { askerOf, northstarDental, northstarDesign } from './seed/index.ts'

const asker = askerOf(northstarDental, 'ws_001', 'user_dana')
const twin = askerOf(northstarDesign, 'ws_001', 'user_dana')
const sibling = askerOf(northstarDental, 'ws_002', 'user_lee')
const colleague = askerOf(northstarDental, 'ws_001', 'user_sam')
const expected = { description: 'the date', facts: ['31 March 2027'] }
const judge = (answer: string) => judgeAnswer(answer, expected, asker, [twin, sibling, colleague])

describe('judgement of an answer', () => {
  test('should accept the own facts', () => {
    expect(judge('It renews on 31 march 2027.')).toEqual({ answered: true, missing: [], foreign: [] })
  })

  test('should name what is missing', () => {
    expect(judge('I do not know.')).toEqual({ answered: false, missing: ['31 March 2027'], foreign: [] })
  })

  test.each([
    ['the twin', '31 March 2027, or 30 September 2027', '30 September 2027'],
    ['another workspace', '31 March 2027, says Nina Costa', 'Nina Costa'],
    ['a colleague', '31 March 2027, as slides with three charts', 'slides with three charts'],
  ])('should find a fact of %s', (_whose, answer, fact) => {
    expect(judge(answer)).toEqual({ answered: false, missing: [], foreign: [fact] })
  })

  test('should not take a part of a number for a fact', () => {
    const early = { ...expected, facts: ['1 March 2027'] }
    expect(judgeAnswer('31 March 2027', early, asker, [twin]).missing).toEqual(['1 March 2027'])
  })
})
