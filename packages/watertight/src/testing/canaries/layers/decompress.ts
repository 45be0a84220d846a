import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import * as zlib from 'node:zlib'

/** The most that one compressed part may grow to, in bytes. */
const maximumInflated = 4 * 1024 * 1024

export interface Decompressed {
  readonly offset: number
  readonly bytes: Uint8Array
}

/**
 * Decompresses what bytes hold.
 *
 * @param guess only where a format names itself; otherwise formats without a name are tried too
 * @param giveUp hears of a part that would grow too large
 */
export function decompress(
  bytes: Uint8Array,
  guess: boolean,
  giveUp: (reason: string) => void,
): readonly Decompressed[] {
  const found: Decompressed[] = []
  const attempt = (offset: number, work: (bytes: Uint8Array) => Uint8Array) => {
    try {
      const inflated = work(offset === 0 ? bytes : bytes.subarray(offset))
      if (inflated.length > 0) found.push({ offset, bytes: inflated })
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
        giveUp(`a compressed part is larger than ${maximumInflated} bytes`)
    }
  }
  // A part that was cut off still gives what it holds so far.
  const options = { maxOutputLength: maximumInflated, finishFlush: constants.Z_SYNC_FLUSH }
  for (const offset of placesOf(bytes)) {
    const [first, second] = [bytes[offset], bytes[offset + 1]]
    if (first === 0x1f) attempt(offset, (part) => gunzipSync(part, options))
    else if (first === 0x28) attempt(offset, (part) => unzstd(part))
    else if (second !== undefined) attempt(offset, (part) => inflateSync(part, options))
  }
  if (guess || found.length > 0 || bytes.length < 12) return found
  const kind = (bytes[0] ?? 0) & 7
  if (kind === 1 || kind === 3 || kind === 4 || kind === 5)
    attempt(0, (part) => inflateRawSync(part, { maxOutputLength: maximumInflated }))
  attempt(0, (part) => brotliDecompressSync(part, { maxOutputLength: maximumInflated }))
  return found
}

// Where gzip, zlib and zstd name themselves. zlib does so with 16 bits alone, so it is taken at the start only.
function placesOf(bytes: Uint8Array): readonly number[] {
  const places: number[] = []
  const [first = 0, second = 0] = bytes
  if ((first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0) places.push(0)
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  for (const magic of [gzip, zstd])
    for (let at = all.indexOf(magic); at !== -1 && places.length < 64; at = all.indexOf(magic, at + 1)) places.push(at)
  return places
}

const gzip = Buffer.from([0x1f, 0x8b, 0x08])
const zstd = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

// Younger than the oldest Node that is supported.
function unzstd(bytes: Uint8Array): Uint8Array {
  if (typeof zlib.zstdDecompressSync !== 'function') throw new TypeError('This Node has no zstd.')
  return zlib.zstdDecompressSync(bytes, { maxOutputLength: maximumInflated })
}
