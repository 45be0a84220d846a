import { deepEqual, equal } from 'node:assert/strict'

import { settle, settleAll } from '../kind.ts'
import type { Kind } from '../kind.ts'
import type { Owner, Scope } from '../owners.ts'
import { partsOf } from './absent.ts'

/** Files of one run, on a real disk. */
export interface Files {
  write(caller: Scope, name: string, text: string): Promise<void>
  read(caller: Scope, name: string): Promise<string>
  list(caller: Scope, path: string): Promise<readonly string[]>
  /** what a program that the agent wrote may do in its folder */
  link(caller: Scope, name: string, target: string): Promise<void>
  /** the folder in which an owner's files lie; a program sees it, so the caller is taken to know it */
  folderOf(owner: Owner): Promise<string>
  close(): Promise<void>
}

export const filesKind: Kind<Files> = {
  name: 'files',
  store: 'files',

  async contract(files, owner) {
    await files.write(owner, 'report.txt', 'one')
    await files.write(owner, 'report.txt', 'two')
    await files.write(owner, 'notes.txt', 'three')
    equal(await files.read(owner, 'report.txt'), 'two')
    deepEqual([...(await files.list(owner, '.'))].toSorted(), ['notes.txt', 'report.txt'])
    await files.link(owner, 'again.txt', 'notes.txt')
    equal(await files.read(owner, 'again.txt'), 'three')
  },

  // The name of a file tells as much as its text.
  async seed(files, owner, secret) {
    await files.write(owner, `${secret}.txt`, secret)
    await files.write(owner, 'report.txt', `The report with ${secret}.`)
    return await files.folderOf(owner)
  },

  own: (files, owner) =>
    settleAll(
      () => files.read(owner, 'report.txt'),
      () => files.list(owner, '.'),
    ),

  attempts: {
    'read a file of the same name': ({ component, caller }) => component.read(caller, 'report.txt'),
    'list the folder above': ({ component, caller }) =>
      settleAll(...['..', '../..', '/', './..'].map((path) => () => component.list(caller, path))),
    'read by their path': ({ component, caller, theirs }) =>
      settleAll(
        () => component.read(caller, `${theirs}/report.txt`),
        () => component.list(caller, theirs),
        () => component.read(caller, `../${theirs.split('/').at(-1)}/report.txt`),
      ),
    'read through a link to theirs': async ({ component, caller, theirs }) => {
      await settle(() => component.link(caller, 'away.txt', `${theirs}/report.txt`))
      await settle(() => component.link(caller, 'away', theirs))
      return await settleAll(
        () => component.read(caller, 'away.txt'),
        () => component.read(caller, 'away/report.txt'),
        () => component.list(caller, 'away'),
      )
    },
    'read with a part of the caller missing': ({ component, caller }) =>
      settleAll(
        ...partsOf(caller).map((part) => () => component.read(part, 'report.txt')),
        ...partsOf(caller).map((part) => () => component.list(part, '.')),
      ),
    'write over theirs through a link': async ({ component, caller, theirs }) => {
      await settle(() => component.link(caller, 'over.txt', `${theirs}/report.txt`))
      return await component.write(caller, 'over.txt', 'Overwritten.')
    },
  },
}
