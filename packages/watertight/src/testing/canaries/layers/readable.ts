/** A part of bytes that reads as text. */
export interface ReadablePart {
  readonly offset: number
  readonly text: string
}

/**
 * Finds the parts of bytes that read as text: printable ASCII and well-formed UTF-8, with zeros of wider characters between.
 *
 * @param least how many bytes make a text
 */
export function findReadable(bytes: Uint8Array, least: number): readonly ReadablePart[] {
  const parts: ReadablePart[] = []
  let start = -1
  let letters = 0
  const { length } = bytes
  for (let at = 0; at <= length;) {
    const size = at === length ? 0 : readableSize(bytes, at)
    if (size === 0) {
      if (start !== -1 && letters >= least)
        parts.push({ offset: start, text: Buffer.from(bytes.buffer, bytes.byteOffset + start, at - start).toString() })
      start = -1
      letters = 0
      at++
    } else {
      if (start === -1) start = at
      if (bytes[at] !== 0) letters++
      at += size
    }
  }
  return parts
}

// 0 where nothing readable begins.
function readableSize(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] ?? 0
  if (byte < 128) return (byte >= 32 && byte < 127) || byte === 0 || (byte >= 9 && byte <= 13) ? 1 : 0
  const size = byte >= 0xf0 && byte < 0xf5 ? 4 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xc2 && byte < 0xe0 ? 2 : 0
  for (let next = 1; next < size; next++) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0
  return size
}
