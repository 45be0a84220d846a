import { brotliDecompressSync, constants, inflateRawSync, inflateSync } from 'node:zlib'
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
      const inflated = work(bytes.subarray(offset))
      if (inflated.length > 0) found.push({ offset, bytes: inflated })
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
        giveUp(`a compressed part is larger than ${maximumInflated} bytes`)
    }
  }
  // A part that was cut off still gives what it holds so far, and what stands behind it is not looked at.
  const options = { maxOutputLength: maximumInflated, finishFlush: constants.Z_SYNC_FLUSH }
  const inflateRaw = (part: Uint8Array) => inflateRawSync(part, options)
  for (const { format, offset } of placesOf(bytes, guess)) {
    if (format === 'zstd') attempt(offset, unzstd)
    else if (format === 'zlib') attempt(offset, (part) => inflateSync(part, options))
    else attempt(offset + (format === 'zip' ? zipHeader(bytes, offset) : gzipHeader(bytes, offset)), inflateRaw)
  }
  if (guess || found.length > 0 || bytes.length < 12) return found
  const kind = (bytes[0] ?? 0) & 7
  if (kind === 1 || kind === 3 || kind === 4 || kind === 5)
    attempt(0, (part) => inflateRawSync(part, { maxOutputLength: maximumInflated }))
  attempt(0, (part) => brotliDecompressSync(part, { maxOutputLength: maximumInflated }))
  return found
}

interface CompressedPlace {
  readonly format: 'gzip' | 'zlib' | 'zstd' | 'zip'
  readonly offset: number
}

/** At most so many parts of each format are tried. */
const mostPlaces = 64

// Where a format names itself, in other bytes too: an archive, a picture, a page, a message. zlib does so with 16 bits
// alone, so in noise it is taken at the start only.
function placesOf(bytes: Uint8Array, guess: boolean): readonly CompressedPlace[] {
  const places: CompressedPlace[] = []
  const [first = 0, second = 0] = bytes
  if ((first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0) places.push({ format: 'zlib', offset: 0 })
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  for (const [format, magic] of magics) {
    if (guess && format === 'zlib') continue
    for (
      let at = all.indexOf(magic), count = 0;
      at !== -1 && count < mostPlaces;
      at = all.indexOf(magic, at + 1), count++
    )
      if (format !== 'zlib' || at > 0) places.push({ format, offset: at })
  }
  return places
}

/** RFC 1952 (gzip), RFC 8878 (zstd), the local header of a zip archive, and RFC 1950 (zlib) at its usual levels. */
const magics: readonly (readonly [CompressedPlace['format'], Buffer])[] = [
  ['gzip', Buffer.from([0x1f, 0x8b, 0x08])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ['zip', Buffer.from([0x50, 0x4b, 0x03, 0x04])],
  ...[0x01, 0x5e, 0x9c, 0xda].map((level) => ['zlib', Buffer.from([0x78, level])] as const),
]

// How long the header is: its name and its extra field tell their lengths.
function zipHeader(bytes: Uint8Array, at: number): number {
  const word = (place: number) => (bytes[at + place] ?? 0) | ((bytes[at + place + 1] ?? 0) << 8)
  return 30 + word(26) + word(28)
}

// RFC 1952, 2.3: ten bytes, then an extra field, a name, a comment and a checksum, as the flags say.
function gzipHeader(bytes: Uint8Array, at: number): number {
  const flags = bytes[at + 3] ?? 0
  let length = 10
  if ((flags & 4) !== 0) length += 2 + ((bytes[at + length] ?? 0) | ((bytes[at + length + 1] ?? 0) << 8))
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue
    const end = bytes.indexOf(0, at + length)
    if (end !== -1) length = end - at + 1
  }
  return (flags & 2) === 0 ? length : length + 2
}

// Younger than the oldest Node that is supported.
function unzstd(bytes: Uint8Array): Uint8Array {
  if (typeof zlib.zstdDecompressSync !== 'function') throw new TypeError('This Node has no zstd.')
  return zlib.zstdDecompressSync(bytes, { maxOutputLength: maximumInflated })
}
