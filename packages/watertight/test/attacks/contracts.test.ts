import { afterAll, beforeAll } from 'vitest'

import { memory } from '../../src/surfaces/memory/index.ts'
import { lexicalEmbedder, retrieval } from '../../src/surfaces/retrieval/index.ts'
import type { Person } from '../../src/testing/index.ts'
import { describeRetrieval, describeStore } from '../../src/testing/vitest/index.ts'
import { openDesks } from '../support/desks.ts'
import type { Desks } from '../support/desks.ts'
import { onEachEngine } from '../support/engines.ts'

const surfaces = [memory(), retrieval({ embedder: lexicalEmbedder() })] as const

// What others are asked to keep with the kit, the surfaces keep themselves: every look-alike is a customer of one database.
onEachEngine((create) => {
  let desks: Desks<typeof surfaces>

  beforeAll(async () => {
    desks = await openDesks(await create(), { surfaces, tenants: [] })
  })
  afterAll(async () => await desks[Symbol.asyncDispose]())

  // Most look-alikes share a tenant or a workspace: each is put once.
  const put = new Map<string, Promise<unknown>>()
  const once = (ids: readonly string[], work: () => Promise<unknown>) => {
    const name = JSON.stringify(ids)
    const done = put.get(name) ?? work()
    put.set(name, done)
    return done
  }

  const deskOf = async ({ tenantId, workspaceId, userId }: Person) => {
    const { directory } = desks.watertight
    await once([tenantId], () => directory.putTenant({ tenantId, plan: 'pro', region: 'us' }))
    await once([tenantId, workspaceId], async () => {
      await directory.putWorkspace({ tenantId, workspaceId })
      await directory.putDatasource({ tenantId, workspaceId, datasourceId: 'docs' })
    })
    return await desks.at({ tenantId, workspaceId, userId, allowedDatasourceIds: ['docs'] })
  }

  describeStore('the memory of a person', {
    async open(owner) {
      const { memory: own } = await deskOf(owner)
      const list = async () => (await own.list({ limit: 1_000 })).map(({ key }) => key)
      return {
        list,
        async get(key) {
          const value = (await own.get(key))?.value
          return typeof value === 'string' ? value : undefined
        },
        set: (key, value) => own.set(key, value),
        delete: (key) => own.delete(key),
        async clear() {
          for (const key of await list()) await own.delete(key)
        },
      }
    },
  })

  describeRetrieval('the documents of a workspace', {
    levels: ['tenant', 'workspace'],
    async open(owner) {
      const { retrieval: own } = await deskOf(owner)
      return {
        add: ({ id, text }) => own.add({ datasourceId: 'docs', documentId: id, title: id, text }),
        remove: (documentId) => own.delete({ datasourceId: 'docs', documentId }),
        async search(query, limit) {
          const hits = await own.search(query, { limit })
          return hits.map(({ documentId, text, score }) => ({ id: documentId, text, score }))
        },
      }
    },
  })
})
