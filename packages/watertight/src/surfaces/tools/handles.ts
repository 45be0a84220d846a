import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'

import type { Keyring } from '../../boundary/index.ts'
import { exactKey, requireId } from '../../encoding/index.ts'

/** Where handles are worth something: one run of one user. */
export interface HandlePlace {
  readonly tenantId: string
  readonly workspaceId: string
  readonly userId: string
  readonly runId: string
}

/** What a model is shown instead of real ids. */
export interface Handles {
  /** The handle of an id: the same for the same id. @throws {InvalidInput} when it is no id */
  seal(type: string, id: string): string
  /** The id behind a handle, or `undefined` for whatever this run, user and type did not seal. */
  open(type: string, handle: string): string | undefined
}

/** What a handle looks like: 48 bytes or more in base64url. */
export const handleText = /h[A-Za-z0-9_-]{64,}/

/**
 * Makes the handles of one place. They are kept nowhere, so they outlive a restart; in another run, user, workspace, tenant
 * or type they are nothing. Which id it is, how long, and whether a model made it up, nobody can tell without the key.
 *
 * AES-256-GCM under a nonce that is derived from what is sealed, as in SIV (RFC 5297): one id has one handle, and a nonce
 * never comes twice for two ids.
 *
 * @param keyring the server's keys: the current one seals, each opens what it sealed
 */
export function createHandles(keyring: Keyring, place: HandlePlace): Handles {
  const { tenantId, workspaceId, userId, runId } = place
  const where = Object.entries({ tenantId, workspaceId, userId, runId }).map(([field, id]) => requireId(id, field))
  const keys = new Map(keyring.kids.map((kid) => [kid, deriveKeys(keyring, kid)]))
  const contextOf = (type: string) => exactKey([...where, requireId(type, 'type')])
  return {
    seal: (type, id) => sealWith(keyOf(keys, keyring.kid), keyring.kid, contextOf(type), requireId(id, 'id')),
    open(type, handle) {
      const bytes = readHandle(handle)
      const kid = String(bytes?.readUInt32BE(0))
      const key = keys.get(kid)
      if (bytes === undefined || key === undefined) return undefined
      const id = decrypt(key, contextOf(type), bytes)
      // Only the very text that sealing gives: otherwise one id would have several handles.
      return id !== undefined && sealWith(key, kid, contextOf(type), id) === handle ? id : undefined
    },
  }
}

interface HandleKeys {
  readonly cipher: Buffer
  readonly nonce: Buffer
}

function deriveKeys(keyring: Keyring, kid: string): HandleKeys {
  const key = keyring.derive('handle', kid)
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', key, '', `watertight/handle/${use}`, 32))
  return { cipher: derive('cipher'), nonce: derive('nonce') }
}

function keyOf(keys: ReadonlyMap<string, HandleKeys>, kid: string): HandleKeys {
  const key = keys.get(kid)
  if (key === undefined) throw new TypeError('The ring has no key that seals.')
  return key
}

const [kidBytes, nonceBytes, tagBytes, blockBytes] = [4, 12, 16, 16] as const

function sealWith(keys: HandleKeys, kid: string, context: string, id: string): string {
  const head = Buffer.alloc(kidBytes)
  head.writeUInt32BE(Number(kid))
  const padded = pad(Buffer.from(id))
  const bound = bindingOf(head, context)
  const nonce = createHmac('sha256', keys.nonce).update(bound).update(padded).digest().subarray(0, nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', keys.cipher, nonce).setAAD(bound)
  const sealed = Buffer.concat([head, nonce, cipher.update(padded), cipher.final(), cipher.getAuthTag()])
  return `h${sealed.toString('base64url')}`
}

// The context ends with a NUL, which no key of ids holds, so that no part of it can be taken for one of the id.
function bindingOf(head: Buffer, context: string): Buffer {
  return Buffer.concat([head, Buffer.from(`${context}\0`)])
}

function readHandle(handle: string): Buffer | undefined {
  if (typeof handle !== 'string' || handle.length > maximumLength || !wholeHandle.test(handle)) return undefined
  const bytes = Buffer.from(handle.slice(1), 'base64url')
  const sealed = bytes.length - kidBytes - nonceBytes - tagBytes
  return sealed >= blockBytes && sealed % blockBytes === 0 ? bytes : undefined
}

const wholeHandle = new RegExp(`^${handleText.source}$`)

// Of the longest id, with a block of padding: what is longer was never sealed, and need not be read.
const maximumLength = 1 + Math.ceil(((kidBytes + nonceBytes + 256 + blockBytes + tagBytes) * 4) / 3)

function decrypt(keys: HandleKeys, context: string, bytes: Buffer): string | undefined {
  const head = bytes.subarray(0, kidBytes)
  const nonce = bytes.subarray(kidBytes, kidBytes + nonceBytes)
  const cipher = createDecipheriv('aes-256-gcm', keys.cipher, nonce, { authTagLength: tagBytes })
  cipher.setAAD(bindingOf(head, context)).setAuthTag(bytes.subarray(-tagBytes))
  try {
    const padded = Buffer.concat([cipher.update(bytes.subarray(kidBytes + nonceBytes, -tagBytes)), cipher.final()])
    return padded.subarray(0, padded.lastIndexOf(paddingMark)).toString()
  } catch {
    return undefined
  }
}

const paddingMark = 0x80

// A mark and zeros up to a whole block (ISO/IEC 7816-4): of the length of an id only the number of blocks is told.
function pad(id: Buffer): Buffer {
  const padded = Buffer.alloc((Math.floor(id.length / blockBytes) + 1) * blockBytes)
  id.copy(padded)
  padded[id.length] = paddingMark
  return padded
}
