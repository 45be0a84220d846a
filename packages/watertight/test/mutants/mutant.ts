/** What a mutant takes out of: a line of defence, by the words of ARCHITECTURE.md. */
export type Layer =
  | 'identity'
  | 'brand'
  | 'token'
  | 'filter'
  | 'policy'
  | 'ownership check'
  | 'label'
  | 'start-up'
  | 'surface'
  | 'evidence'

/** SQL that is run as the owner of the schema, after the migrations of an untouched version. */
interface SqlEdit {
  readonly sql: string
}

/** One function of the schema `wt`, made again from its latest migration with one text replaced. */
interface FunctionEdit {
  readonly function: string
  readonly find: string
  readonly put: string
}

/** One text of a source file, replaced as it is loaded. The file itself is never written. */
interface SourceEdit {
  /** below `src` */
  readonly file: string
  readonly find: string
  readonly put: string
  /** how often the text stands there; once where absent */
  readonly times?: number
}

export type Edit = SqlEdit | FunctionEdit | SourceEdit

/** A version of the isolation layer that lacks one rule, and the probe that must notice. */
export interface Mutant {
  readonly id: string
  /** the rule of rules.ts that it takes away */
  readonly rule: string
  /** what somebody did, and what it lets happen */
  readonly story: string
  readonly layer: Layer
  readonly edits: readonly Edit[]
  /** what would hide the loss, and is switched off while this one is judged: names of masks.ts */
  readonly maskedBy?: readonly string[]
  /** the name of the probe that notices */
  readonly killer: string
}

export function isSql(edit: Edit): edit is SqlEdit | FunctionEdit {
  return 'sql' in edit || 'function' in edit
}
