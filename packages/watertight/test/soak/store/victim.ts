/**
 * The process that is killed. It opens the store, says everything that it finds there, and then writes memories, documents
 * and runs until it dies. Output to a pipe is written before the call returns, so what it says has been said.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

import { openDesk, openHouse } from './house.ts'
import type { Desk } from './house.ts'
import { inspect } from './inspect.ts'
import { datasourceId, most } from './protocol.ts'
import type { Fault, Found, Line, Operation } from './protocol.ts'

const { values } = parseArgs({
  options: {
    database: { type: 'string', default: '' },
    /** numbers the operations of this process */
    round: { type: 'string', default: '' },
    /** the operations whose runs and events are to be told */
    prefix: { type: 'string', default: '' },
    /** only look, and close */
    finish: { type: 'boolean', default: false },
    fault: { type: 'string' },
  },
})

const house = await openHouse(values.database, process.env['WATERTIGHT_KEYS'])
const found = await inspect(house, values.prefix)
say({ say: 'found', found })
if (values.finish) await house.close()
else await Promise.all([writeMemories(found), writeDocuments(found), workInRuns()])

async function writeMemories({ memories }: Found): Promise<never> {
  const keys = new Set(memories.map(({ key }) => key))
  for (let at = 0; ; at++) {
    const [id, key] = [`r${values.round}.m${at}`, `key-${randomInt(most.keys)}`]
    const desk = await openDesk(house, id)
    if (keys.has(key) && randomInt(4) === 0) {
      keys.delete(key)
      await perform({ kind: 'memory-delete', id, key }, () => desk.memory.delete(key))
    } else {
      keys.add(key)
      const length = randomInt(8_000)
      const value = { by: id, length, text: 'x'.repeat(length) }
      await perform({ kind: 'memory-set', id, key }, () => setMemory(desk, key, value))
    }
  }
}

async function setMemory(desk: Desk, key: string, value: { by: string; length: number; text: string }): Promise<void> {
  if (planted('without-evidence')) {
    const text = `insert into wt.user_memory (key, value, source) values ($1, $2, '{"kind":"set"}')
      on conflict (tenant_id, workspace_id, member_id, key) do update set value = excluded.value`
    await desk.transact((transaction) => transaction.query(text, [key, JSON.stringify(value)]))
    return
  }
  await desk.memory.set(key, value)
  if (planted('write-twice')) await desk.memory.set(key, value)
}

async function writeDocuments({ documents }: Found): Promise<never> {
  const ids = new Set(documents.map(({ document }) => document))
  for (let at = 0; ; at++) {
    const [id, document] = [`r${values.round}.d${at}`, `document-${randomInt(most.documents)}`]
    const desk = await openDesk(house, id)
    if (ids.has(document) && randomInt(4) === 0) {
      ids.delete(document)
      const gone = () => desk.retrieval.delete({ datasourceId, documentId: document })
      await perform({ kind: 'document-delete', id, document }, gone)
    } else {
      ids.add(document)
      const sections = randomInt(1, most.sections + 1)
      await perform({ kind: 'document-add', id, document, sections }, () => addDocument(desk, id, document, sections))
    }
  }
}

async function addDocument(desk: Desk, id: string, documentId: string, sections: number): Promise<void> {
  const text = Array.from({ length: sections }, (_, at) => `## Clause ${at}\n\nThis is clause ${at} as ${id} has it.`)
  await desk.retrieval.add({ datasourceId, documentId, title: id, text: text.join('\n\n') })
  if (!planted('half-a-document')) return
  const cut = 'delete from wt.chunk where number = (select max(number) from wt.chunk where document_id = $1)'
  await desk.transact((transaction) => transaction.query(cut, [documentId]))
}

async function workInRuns(): Promise<never> {
  for (let at = 0; ; at++) {
    const [id, reads] = [`r${values.round}.a${at}`, randomInt(1, 6)]
    const desk = await openDesk(house, id)
    const run = await perform({ kind: 'run-start', id }, () => desk.startRun({ agent: 'victim', promptVersion: 'v1' }))
    await perform({ kind: 'run-work', id, reads }, async () => {
      for (let read = 0; read < reads; read++) await run.memory.get('never-written')
      await run.state.set('step', { reads })
    })
    await perform({ kind: 'run-end', id }, () => run.end())
  }
}

async function perform<Result>(operation: Operation, work: () => Promise<Result>): Promise<Result> {
  say({ say: 'begun', operation })
  if (planted('acknowledge-first')) say({ say: 'acknowledged', operation })
  const result = await work()
  if (!planted('acknowledge-first')) say({ say: 'acknowledged', operation })
  return result
}

function planted(fault: Fault): boolean {
  return values.fault === fault
}

function say(line: Line): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
