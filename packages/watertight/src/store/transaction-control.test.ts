import { expect, test } from 'vitest'

import { controlsTransaction, isCopy } from './transaction-control.ts'

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

test.each([
  'copy t from stdin',
  'COPY t TO STDOUT',
  'CoPy(select 1) to stdout',
  'copy"t" from stdin',
  ' \t\r\n\f\v copy t from stdin',
  ';;; copy t from stdin',
  '-- a line\ncopy t from stdin',
  '--\rcopy t from stdin',
  '/**/copy t from stdin',
  '/* a /* comment in */ a comment */ copy t from stdin',
  '/* a */ -- b\n /* c */ ; copy/**/t from stdin',
])('should know %j for a copy', (text) => {
  expect(isCopy(text)).toBe(true)
})

test.each([
  '',
  '-- copy t',
  '/* copy t from stdin */',
  'select $$copy t from stdin$$',
  'select copy from t',
  'copying',
  'copy_of',
  'update copy set a = 1',
  '"copy"',
])('should let %j through as no copy', (text) => {
  expect(isCopy(text)).toBe(false)
})
