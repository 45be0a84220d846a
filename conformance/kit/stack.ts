/** A stack that somebody else wrote, set up as its own documentation tells to. */
export interface Stack {
  /** as its file is called */
  readonly name: string
  /** the packages that it is made of; the version of the first one is the version of the stack */
  readonly packages: readonly [string, ...string[]]
  /** who makes the id of a text: its owner, who may then choose one that somebody else has, or the stack */
  readonly idsOf: 'owner' | 'stack'
  /** how it was set up for tenants */
  readonly setUp: string
  /** where its documentation tells this set-up */
  readonly toldBy: string
  /** what stands in the place of a paid service, or of a part that needs a compiler */
  readonly mocked?: string
  /** what closes the leaks, which is run too; left out where none was seen */
  readonly remedy?: Remedy
  /** the words of the script, where `put` and `read` are not what its users would say */
  readonly words?: Partial<Record<Verb, string>>
  open(services: Services): Promise<OpenStack>
}

/** The same stack, and a few lines around it. */
interface Remedy {
  /** what they do */
  readonly how: string
  open(services: Services): Promise<OpenStack>
}

/** One backend, shared by all tenants. */
export interface OpenStack extends AsyncDisposable {
  /** forgets everything: the next case begins with nothing */
  clean(): Promise<unknown>
  /** the part of one tenant, opened as a request of that tenant would open it */
  tenant(id: string): Door
}

/** What a tenant can do. What a stack does not have is left out. Whatever is given back counts as seen by that tenant. */
export interface Door {
  /** keeps a text under a key; gives the id by which it is read: that key, or one that the stack made */
  put(key: string, text: string): Promise<string>
  read(id: string): Promise<unknown>
  history?(id: string): Promise<unknown>
  /** everything that fits a word of every text */
  search?(word: string): Promise<unknown>
  /** everything of this tenant */
  list?(): Promise<unknown>
  update?(id: string, text: string): Promise<unknown>
  remove?(id: string): Promise<unknown>
  /** removes everything of this tenant */
  clear?(): Promise<unknown>
}

export type Verb = keyof Door

/** What a stack may ask for. */
export interface Services {
  /** the address of an empty database of a real Postgres, which is dropped when the run ends */
  readonly postgres: () => Promise<string>
}
