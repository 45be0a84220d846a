const format = new Intl.NumberFormat('en-GB')

/**
 * Writes an amount as the documents do: `USD 1,840`.
 *
 * @param amount in whole units of the currency
 */
export function money(currency: string, amount: number): string {
  return `${currency} ${format.format(amount)}`
}
