import { expect, test } from 'vitest'

import { controlsTransaction } from './transaction-control.ts'

test.each([
  'begin',
  'BEGIN ISOLATION LEVEL SERIALIZABLE',
  'start transaction',
  'commit',
  'commit;',
  'commit/**/and chain',
  'commit prepared $$a$$',
  'end',
  'rollback',
  'rollback to savepoint a',
  'abort',
  'savepoint a',
  'release a',
  `prepare transaction 'a'`,
  'prepare /* here */ -- and here\n transaction $$a$$',
  ' \t\r\n\f commit',
  ';;; commit',
  '-- a line\ncommit',
  '--\rcommit',
  '/**/commit',
  '/* a /* comment in */ a comment */ commit',
  '/* a */ -- b\n /* c */ ; commit',
])('should know %j for a word about the transaction', (text) => {
  expect(controlsTransaction(text)).toBe(true)
})

test.each([
  '',
  ';',
  '-- commit',
  '/* commit */',
  '/* never closed commit',
  'select 1',
  'select 1 -- commit',
  'select $$commit$$',
  'prepare a as select 1',
  'prepare transactions as select 1',
  'commitment',
  'ending',
  'beginning',
  'with begin as (select 1) select * from begin',
  '"commit"',
  'update commit set a = 1',
])('should let %j through', (text) => {
  expect(controlsTransaction(text)).toBe(false)
})
