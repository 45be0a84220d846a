/** Collects everything that might be an id: words made of parts like `T-1042`, `ws_001`, `northstar-design`, and uuids. */
export function idsIn(texts: readonly string[]): string[] {
  return [
    ...new Set(
      texts.flatMap(
        (text) =>
          text.match(
            /\b[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)+\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g,
          ) ?? [],
      ),
    ),
  ]
}
