import { createHmac, hkdfSync, randomBytes } from 'node:crypto'

import { KeysRefused } from '../errors.ts'

/** What a key is for. Each purpose has a key of its own, so that what one signs is nothing to another. */
export type KeyPurpose = 'database-token' | 'snapshot' | 'handle' | 'salt'

const entry = /^([1-9][0-9]{0,8}):([A-Za-z0-9_-]{43})$/

/**
 * The server's secret keys, by id; the first listed signs, all listed verify. Written as `WATERTIGHT_KEYS`:
 * `kid:secret[,kid:secret]`, where a kid is a whole number and a secret 32 random bytes in base64url.
 */
export class Keyring {
  readonly #secrets: ReadonlyMap<string, Buffer>
  readonly #current: string

  private constructor(secrets: ReadonlyMap<string, Buffer>, current: string) {
    this.#secrets = secrets
    this.#current = current
  }

  /** Reads the written form. @throws {KeysRefused} when it is absent or malformed; the message holds none of it. */
  static parse(written: string | undefined): Keyring {
    if (typeof written !== 'string' || written.trim() === '')
      throw new KeysRefused('none were given', 'Set WATERTIGHT_KEYS to what `watertight migrate` printed.')
    const secrets = new Map<string, Buffer>()
    for (const part of written.trim().split(',')) {
      const [, kid, secret] = entry.exec(part.trim()) ?? []
      if (kid === undefined || secret === undefined || secrets.has(kid)) {
        throw new KeysRefused('they are malformed', 'Write them as kid:secret, separated by commas, each kid once.')
      }
      secrets.set(kid, Buffer.from(secret, 'base64url'))
    }
    const [current] = secrets.keys()
    if (current === undefined)
      throw new KeysRefused('none were given', 'Set WATERTIGHT_KEYS to what `watertight migrate` printed.')
    return new Keyring(secrets, current)
  }

  /** Makes one new key and returns the written form of a ring that holds it alone. */
  static generate(): string {
    return `1:${randomBytes(32).toString('base64url')}`
  }

  /** The id of the key that signs. */
  get kid(): string {
    return this.#current
  }

  /** All ids, the signing one first. */
  get kids(): readonly string[] {
    return [...this.#secrets.keys()]
  }

  /**
   * The key of one purpose: 32 bytes by HKDF-SHA256 (RFC 5869) with the purpose as info.
   * @throws {KeysRefused} when the ring has no key by that id
   */
  derive(purpose: KeyPurpose, kid: string = this.#current): Buffer {
    const secret = this.#secrets.get(kid)
    if (secret === undefined)
      throw new KeysRefused('one that is needed is not in the ring', 'Add the key under its old kid.')
    return Buffer.from(hkdfSync('sha256', secret, '', `watertight/${purpose}`, 32))
  }

  /** HMAC-SHA256 under the signing key of a purpose, in hex. */
  sign(purpose: KeyPurpose, message: string): string {
    return createHmac('sha256', this.derive(purpose)).update(message).digest('hex')
  }

  toJSON(): never {
    throw new TypeError('Keys do not serialise.')
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'Keyring { redacted }'
  }
}
