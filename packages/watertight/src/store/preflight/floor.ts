import type { Row } from '../client.ts'

const identifier = String.raw`(?:[a-z_][a-z0-9_$]*|"(?:[^"]|"")+")`

// A column that is varchar is compared as text, which changes nothing of it.
const columnForm = String.raw`(?:\(${identifier}\)::text|${identifier})`

/**
 * The one form of a floor that is accepted, as `watertight protect` prints it and the server writes it back: both columns,
 * and `true`, equal to the boundary's. Whatever else a policy could say would have to be proved. The server writes the
 * names of the columns by their places: a floor may have swapped them.
 */
const form = new RegExp(
  String.raw`^\(\((?<tenant>${columnForm}), (?<workspace>${columnForm}), true\) = \( SELECT b\.tenant, b\.workspace, true FROM wt\.application_boundary\(\) b\(tenant, workspace(?:, [a-z_]+)*\)\)\)$`,
)

interface Column {
  readonly type: string
  readonly required: boolean
  /** compares byte by byte, as far as a collation says */
  readonly exact: boolean
}

/** The columns that keep the rows of a table apart, quoted where SQL asks for it: the tenant's and the workspace's. */
export function findFloor(row: Row): readonly string[] | undefined {
  return readFloors(row)[0]
}

function readFloors(row: Row): readonly (readonly string[])[] {
  const floors = Array.isArray(row['floors']) ? row['floors'].map(readFloor) : []
  return floors.flatMap((floor) => (floor === undefined ? [] : [floor]))
}

/** Judges the restrictive policies of a table of the app's own that apply to this login for every command. */
export function judgeFloor(name: string, row: Row): readonly string[] {
  const found = readFloors(row)
  if (found.length === 0)
    return [
      `the table ${name} has no restrictive policy on the boundary, in the form that is known to hold; put it under: watertight protect ${name}`,
    ]
  const columns = readColumns(row['columns'])
  const judged = found.map((floor) => floor.flatMap((column) => judgeColumn(name, column, columns.get(column))))
  // One that holds is enough: every restrictive policy has to.
  return judged.find((findings) => findings.length === 0) ?? judged[0] ?? []
}

/** The tenant's and the workspace's column of a floor; undefined when it has another form. */
function readFloor(policy: unknown): readonly string[] | undefined {
  if (typeof policy !== 'object' || policy === null) return undefined
  const { using, check } = { using: undefined, check: undefined, ...policy }
  // A condition of its own for what is written would take the place of this one there.
  if (typeof using !== 'string' || check !== null) return undefined
  const groups = form.exec(oneSpelling(using))?.groups
  if (groups === undefined) return undefined
  const [tenant = '', workspace = ''] = [groups['tenant'], groups['workspace']].map((named) =>
    named?.replace(/^\((.*)\)::text$/, '$1'),
  )
  return tenant === workspace ? undefined : [tenant, workspace]
}

function oneSpelling(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/\btrue AS bool\b/g, 'true')
}

function readColumns(value: unknown): ReadonlyMap<string, Column> {
  if (typeof value !== 'object' || value === null) return new Map()
  return new Map(Object.entries(value).map(([name, found]) => [name, readColumn(found)]))
}

// What is absent is refused.
function readColumn(value: unknown): Column {
  if (typeof value !== 'object' || value === null) return { type: '', required: false, exact: false }
  return {
    type: 'type' in value ? String(value.type) : '',
    required: 'required' in value && value.required === true,
    exact: 'exact' in value && value.exact === true,
  }
}

function judgeColumn(name: string, column: string, found: Column | undefined): readonly string[] {
  if (found === undefined)
    return [`the floor of ${name} names no column ${column}; put it under: watertight protect ${name}`]
  const findings: string[] = []
  // `character` ignores blanks at the end, citext the case, and a domain hides either.
  if (found.type !== 'text' && found.type !== 'character varying')
    findings.push(
      `the column ${column} of ${name} is ${found.type}, and ids are compared exactly as text only; run: alter table ${name} alter ${column} type text collate "C"`,
    )
  if (!found.required)
    findings.push(`the column ${column} of ${name} may be null; run: alter table ${name} alter ${column} set not null`)
  if (!found.exact)
    findings.push(
      `the column ${column} of ${name} has a collation that takes different ids for one; run: alter table ${name} alter ${column} type text collate "C"`,
    )
  return findings
}
