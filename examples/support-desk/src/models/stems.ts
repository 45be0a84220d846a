const silent = new Set(
  `a an and are as at be but by can did do does each every for from get had has have how i if in is it its me my no not of on one or our
  ours so that the their them then there these they this those to us was we were what when where which who why will with you your`.split(
    /\s+/,
  ),
)

/** Cuts a text into the stems of its telling words, so that "renews", "renewal" and "renew" are one. */
export function stems(text: string): Set<string> {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? []
  return new Set(words.filter((word) => !silent.has(word)).map(stem))
}

function stem(word: string): string {
  const cut = word.replace(/(?:als?|ings?|eds?|es?|(?<!s)s)$/, '')
  return cut.length < 3 ? word : cut
}
