// Letters that look like Latin ones and that no normalisation of Unicode brings back: each row is a Latin letter and its
// look-alikes, from Cyrillic, Greek, Armenian, Cherokee, Lisu, IPA, small capitals and turned letters.
const rows = [
  'a аαɑᴀɐ∀ΑА',
  'b ЬвβʙɓᏏΒВ♭',
  'c сϲᴄɔ¢ϹС',
  'd ԁɗᴅđꓒ∂',
  'e еεҽᴇəǝɛΕЕ∃',
  'f ƒꜰɟϝ',
  'g ɡɢցƃǥԌ',
  'h һհʜɥħΗН',
  'i іιɪıᴉΙІ',
  'j јϳյɉʝᴊɾյɈЈꓙᎫ⁏ڶل',
  'k кκқҝҟҡӄƙⱪꝁꝃꝅᶄᴋʞΚКꓗᏦĸᛕ',
  'l ӏʟłƚⅼꓡ',
  'm мᴍɯΜМ',
  'n пηռɴրΝ',
  'o оοօᴏøΟО∅',
  'p рρᴘþΡР',
  'q ԛզգɋʠꝗꝙꞯʠɊԚۊ',
  'r гʀɹяᴦ',
  's ѕꜱʂ§Ѕ',
  't тτᴛʇŧΤТ',
  'u υսᴜцʊ',
  'v νѵʋⱱⱴꝟᶌᴠʌѴꓦᏙ∨⋁√۷ט∀',
  'w ѡԝᴡʍωшա',
  'x хχᶍҳӽӿ×✕✖✗✘☓⨯╳ΧХꓫ᙭ⲭⲬ𐊴',
  'y уγʏʎүΥУ',
  'z ʐʑƶȥⱬꝣᶎᴢζʒӡɀΖꓜᏃŻ',
]

/** A Latin letter for each character that looks like one. */
export const glyphs: ReadonlyMap<string, string> = new Map(
  rows.flatMap((row) => Array.from(row.slice(2), (glyph) => [glyph, row.charAt(0)] as const)),
)

/** The cells of Braille, a to z. */
const braille = '⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵'

// Blocks of 26 letters that have no decomposition: negative circled, negative squared, regional indicators, tags.
const alphabets = [0x1f150, 0x1f170, 0x1f1e6, 0xe0041, 0xe0061]

/** The letter of a character in one of the alphabets that Unicode has beside ASCII, or `undefined`. */
export function findLetter(codePoint: number): string | undefined {
  for (const start of alphabets)
    if (codePoint >= start && codePoint < start + 26) return String.fromCharCode(97 + codePoint - start)
  const cell = braille.indexOf(String.fromCodePoint(codePoint))
  return cell === -1 ? undefined : String.fromCharCode(97 + cell)
}
