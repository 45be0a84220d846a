/**
 * Letters of other scripts that a reader takes for a Latin one, after NFKD and lower case. From the confusables of
 * Unicode Technical Standard 39, as far as they look like a letter of a to z; capitals too, which have another shape.
 */
const lookAlikes: Readonly<Record<string, string>> = {
  a: 'аαɑᴀ⍺ꓮᎪⲁ',
  b: 'вβьᏴꓐʙƅ',
  c: 'сϲᴄꓚᏟⲥ',
  d: 'ԁɗđᴅꓓᎠꭰժ',
  e: 'еєεɛəǝᴇꓰᎬⲉҽ',
  f: 'ƒꓝꞙք',
  g: 'ɡɢԍցǥɠꓖᏀ',
  h: 'һհнʜᏂꓧħ',
  i: 'іιıɩɪꓲᎥᏆⲓӏɨ',
  j: 'јϳȷꓙᎫ',
  k: 'кκᴋĸƙꓗᏦⲕ',
  l: 'ł⏐ʟꓡᏞℓ',
  m: 'мμᴍꓟᎷⲙ',
  n: 'нпνηɴƞŋոռꓠⲛи',
  o: 'оοσøօᴏɵꓳⲟჿ',
  p: 'рρᴘꓑᏢⲣƿ',
  q: 'ԛգզ',
  r: 'гʀɾɼꓣᎡᏒ',
  s: 'ѕꜱʂꓢᏚՏ',
  t: 'тτᴛƭƫŧꓔᎢⲧ',
  u: 'υսᴜꓴʋ',
  v: 'ѵᴠꓦᏙ',
  w: 'ԝѡшщωɯաᴡꓪᎳ',
  x: 'хχꓫⲭ',
  y: 'уүγʏꓬⲩყ',
  z: 'ᴢʐƶꓜᏃⲍ',
}

const latin = new Map(
  Object.entries(lookAlikes).flatMap(([letter, others]) =>
    Array.from(others).flatMap((other) => [[other, letter] as const, [other.toLowerCase(), letter] as const]),
  ),
)

// Accents, and whatever has no shape of its own: joiners, direction marks, soft hyphens, tags, variation selectors.
const shapeless = /[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

/**
 * Folds what looks alike into one: full width, accents, letters of other scripts and case; what is invisible goes. For
 * looking for words that somebody may have disguised, never for keys: those are exact.
 */
export function foldLetters(text: string): string {
  const plain = text.normalize('NFKD').replaceAll(shapeless, '').toLowerCase()
  return /^[\0-\x7f]*$/.test(plain) ? plain : Array.from(plain, (letter) => latin.get(letter) ?? letter).join('')
}
