import type { CanaryRendering } from './rendering.ts'

/**
 * Names what was done to the letters of a secret between its first and its last one.
 *
 * @param slice the part of the text that holds the letters, in their order or backwards
 * @param value the secret, whole
 * @param leet digits or signs stood for letters
 */
export function nameRendering(slice: string, value: string, leet: boolean): readonly CanaryRendering[] {
  if (slice.length > 20_000) return ['separators']
  if (value.includes(slice)) return ['exact']
  if (value.toLowerCase().includes(slice.toLowerCase())) return ['case']
  const steps: CanaryRendering[] = []
  if (slice.includes('\0')) steps.push('wide-characters')
  if (/[\u{e0000}-\u{e007f}]/u.test(slice)) steps.push('tag-characters')
  if (/[\u2800-\u28ff]/.test(slice)) steps.push('braille')
  if (/[\p{Cf}\ufe00-\ufe0f\u115f\u1160\u3164]|(?![\t\n\r\0])\p{Cc}/u.test(slice)) steps.push('invisible')
  if (/\p{M}/u.test(slice.normalize('NFD'))) steps.push('accents')
  const base = slice.normalize('NFD').replaceAll(/[\p{M}\p{Cf}]/gu, '')
  if (/[\u{1f100}-\u{1f1ff}]/u.test(base) || base.normalize('NFKC') !== base) steps.push('compatibility')
  if (/[^\p{ASCII}\p{P}\p{S}\p{Z}\p{C}\u2800-\u28ff]/u.test(base.normalize('NFKC'))) steps.push('look-alike-letters')
  if (leet) steps.push('leet')
  if (!leet && /[\t\n\r -~]/.test(slice.replaceAll(/[A-Za-z]/g, ''))) steps.push('separators')
  return steps.length === 0 ? ['separators'] : steps
}
