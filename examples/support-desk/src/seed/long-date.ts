const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

/**
 * Writes a date as the documents do: `2027-03-31` becomes `31 March 2027`.
 *
 * @param isoDate a day as yyyy-mm-dd
 */
export function longDate(isoDate: string): string {
  return format.format(new Date(`${isoDate}T00:00:00Z`))
}
