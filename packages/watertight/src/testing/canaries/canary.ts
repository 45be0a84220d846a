/** A secret planted so that its arrival anywhere else proves a leak. */
export interface Canary {
  /** what a report calls it; never the secret, nor a part of it */
  readonly label: string
  /** the secret */
  readonly value: string
}
