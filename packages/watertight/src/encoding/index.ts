export { exactKey } from './exact-key.ts'
export { maximumIdBytes, requireId } from './id.ts'
export { maximumJsonDepth, writeJson } from './json.ts'
export type { Json } from './json.ts'
