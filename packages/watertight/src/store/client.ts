/** One row as a driver gives it; a surface parses what it uses. */
export type Row = Readonly<Record<string, unknown>>

/** What the store needs of a connection. `pg` has this shape on both engines; nothing here imports it. */
export interface ClientLike {
  query(query: QueryLike): Promise<Answer>
  release(destroy?: boolean): void
  /** a connection that is lost says so here as well as to the statement that waits */
  on?(event: 'error', listener: () => void): unknown
  off?(event: 'error', listener: () => void): unknown
  /** the server process that the driver was told of at connecting; null on PGlite */
  readonly processID?: number | null
  /** I, T or E: outside a transaction, inside one, inside one that failed */
  getTransactionStatus?(): string | null
  /** statements may be sent before the ones before them are answered: `new pg.Pool({ pipeline: true })` */
  readonly pipeline?: boolean
}

export interface Answer {
  /** with `rowMode: 'array'` each is a list of values, in the order of `fields` */
  readonly rows: Row[]
  readonly rowCount: number | null
  readonly command: string
  readonly fields?: readonly { readonly name: string }[]
}

export interface QueryLike {
  readonly text: string
  readonly values?: unknown[]
  readonly name?: string
  /** the extended protocol takes one statement only: `select 1; reset role` is refused by the server */
  readonly queryMode?: 'extended'
  /** rows as lists: two columns may have one name */
  readonly rowMode?: 'array'
}

/** The pool that the app has: a `pg.Pool`, or what has its shape. */
export interface PoolLike {
  connect(): Promise<ClientLike>
  end(): Promise<void>
}

/** An engine: where connections come from, and what is special about them. */
export interface Engine {
  readonly name: 'postgres' | 'pglite'
  readonly pool: PoolLike
  /** the connection keeps its server process from one transaction to the next, so tokens are bound to it and statements named */
  readonly steady: boolean
  /** the statements that bring the application's role back, where the session can leave the login itself */
  readonly baseline?: readonly string[]
  close(): Promise<void>
}
