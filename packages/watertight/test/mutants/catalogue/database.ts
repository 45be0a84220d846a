import { customerTables } from '../masks.ts'
import type { Edit, Layer, Mutant } from '../mutant.ts'

interface Lost {
  readonly id: string
  readonly rule: string
  readonly story: string
  readonly edits: readonly Edit[]
  readonly killer: string
  readonly maskedBy?: readonly string[]
}

// Start-up compares the schema with what the migrations make, and would refuse to serve any of these.
const inDatabase = (layer: Layer, { maskedBy = [], killer, ...lost }: Lost): Mutant => ({
  ...lost,
  layer,
  maskedBy: ['start-up', ...maskedBy],
  killer: `database/${killer}`,
})
const token = (lost: Lost) => inDatabase('token', lost)
const policy = (lost: Lost) => inDatabase('policy', lost)

const body = "convert_to(body, 'UTF8')"
const mac =
  "if substr(token, 1, 65) = encode(sha256(outer_pad || sha256(inner_pad || convert_to(body, 'UTF8'))), 'hex') || '.' then"

/** The mac no longer covers some fields of a token, neither where it is made nor where it is checked. */
const outsideMac = (fields: readonly number[]): readonly Edit[] => {
  const kept = (parts: string) =>
    `convert_to((select string_agg(p.part, '|' order by p.at) from unnest(${parts}) with ordinality p (part, at) where not p.at = any ('{${fields.join(',')}}')), 'UTF8')`
  return [
    {
      file: 'store/token.ts',
      find: '.update(body)',
      put: `.update(body.split('|').filter((_, at) => !${JSON.stringify(fields)}.includes(at + 1)).join('|'))`,
    },
    // What stays signed is what the probe may not touch: the fields are named by it, and no others.
    { function: 'boundary', find: body, put: kept('f') },
    { function: 'verify', find: body, put: kept('fields') },
  ]
}

const field = (id: string, fields: readonly number[], killer: string, story: string) =>
  token({ id, rule: 'R13', story, edits: outsideMac(fields), killer })

const floorless = customerTables.map((table) =>
  policy({
    id: `floor-dropped-${table.replaceAll('_', '-')}`,
    rule: 'R18',
    story: `The restrictive floor of wt.${table} is gone: permissive policies alone say what is seen.`,
    edits: [{ sql: `drop policy floor on wt.${table}` }],
    killer: `floor-${table.replaceAll('_', '-')}`,
    // What else keeps the rows of others from sight there.
    ...(['document', 'chunk', 'segment', 'generation'].includes(table) ? { maskedBy: ['policy of datasources'] } : {}),
  }),
)

export const databaseMutants: readonly Mutant[] = [
  token({
    id: 'setting-instead-of-signature',
    rule: 'R13',
    story: 'The database believes the fields of a token, whoever wrote them.',
    edits: [{ function: 'boundary', find: mac, put: 'if true then' }],
    killer: 'field-place',
  }),
  field('mac-without-place', [6, 7, 8, 11], 'field-place', 'Tenant, workspace and member are not signed.'),
  field('mac-without-workspace', [7, 8, 11], 'field-workspace', 'Workspace and member are not signed.'),
  field('mac-without-member', [8, 11], 'field-member', 'The member is not signed.'),
  field('mac-without-role', [9], 'field-role', 'The role is not signed.'),
  field('mac-without-datasources', [12], 'field-datasources', 'The datasources are not signed.'),
  field('mac-without-expiry', [4], 'field-expiry', 'The end of a token is not signed.'),
  field('mac-without-pid', [3], 'field-pid', 'The session of a token is not signed.'),
  field(
    'mac-without-application-ids',
    [13, 14, 15],
    'field-application-ids',
    'The ids by which the app’s own tables are kept apart are not signed.',
  ),
  token({
    id: 'expiry-skipped',
    rule: 'R14',
    story: 'A token is good for ever.',
    edits: [
      {
        function: 'boundary',
        find: ' and f[4]::bigint >= extract(epoch from clock_timestamp()) * 1000',
        put: '',
      },
    ],
    killer: 'expired',
  }),
  token({
    id: 'session-skipped',
    rule: 'R14',
    story: 'A token that was seen in one session opens every other.',
    edits: [{ function: 'boundary', find: " and (f[3] = '0' or f[3]::int = pg_backend_pid())", put: '' }],
    killer: 'other-session',
  }),
  token({
    id: 'epoch-skipped',
    rule: 'R14',
    story: 'Tokens outlive a raised epoch.',
    edits: [{ function: 'boundary', find: ' and t.epoch = tenant_epoch', put: '' }],
    killer: 'epoch',
  }),
  token({
    id: 'version-skipped',
    rule: 'R14',
    story: 'Tokens outlive a change of their member.',
    edits: [{ function: 'boundary', find: 'm.version = member_version and ', put: '' }],
    killer: 'version',
  }),
  token({
    id: 'suspension-skipped',
    rule: 'R14',
    story: 'A suspended tenant goes on.',
    edits: [{ function: 'boundary', find: ' and not t.suspended', put: '' }],
    killer: 'suspended',
  }),
  token({
    id: 'removal-skipped',
    rule: 'R14',
    story: 'A removed member goes on.',
    edits: [{ function: 'boundary', find: ' and not m.removed', put: '' }],
    killer: 'removed',
  }),
  token({
    id: 'purpose-skipped',
    rule: 'R15',
    story: 'The token of a boundary opens the operator door.',
    edits: [{ function: 'verify', find: 'fields[1] <> purpose or ', put: '' }],
    killer: 'operator-door',
  }),
  token({
    id: 'purpose-of-boundary-skipped',
    rule: 'R15',
    story: 'A token that was made for another purpose is a boundary.',
    edits: [{ function: 'boundary', find: "f[1] = 'b' and ", put: '' }],
    killer: 'other-purpose',
  }),
  token({
    id: 'operator-door-open',
    rule: 'R15',
    story: 'A function of the operator asks for no token.',
    edits: [{ function: 'operator_raise_epoch', find: "  perform wt.verify(token, 'o');\n", put: '' }],
    killer: 'operator-door',
  }),
  policy({
    id: 'absent-token-is-nobody',
    rule: 'R15',
    story: 'Without a token a statement answers nothing instead of raising.',
    edits: [
      {
        function: 'boundary',
        find: "  perform wt.verify(token, 'b');\n  raise exception 'watertight: revoked token' using errcode = '42501';",
        put: '  return null;',
      },
    ],
    killer: 'no-token',
  }),
  policy({
    id: 'keys-granted',
    rule: 'R16',
    story: 'The application’s role may read the keys.',
    edits: [{ sql: 'grant select on wt.key to wt_app' }],
    killer: 'keys',
  }),
  policy({
    id: 'directory-granted',
    rule: 'R16',
    story: 'The application’s role may read the directory.',
    edits: [{ sql: 'grant select on wt.member to wt_app' }],
    killer: 'directory',
  }),
  token({
    id: 'grant-any-case',
    rule: 'R17',
    story: 'The directory finds tenants without regard to case.',
    edits: [
      {
        function: 'grant_of',
        find: "t.external_id = convert_from(decode(f[6], 'hex'), 'UTF8')",
        put: "lower(t.external_id) = lower(convert_from(decode(f[6], 'hex'), 'UTF8'))",
      },
    ],
    killer: 'grant',
  }),
  token({
    id: 'grant-by-prefix',
    rule: 'R17',
    story: 'The directory finds tenants by the beginning of their id.',
    edits: [
      {
        function: 'grant_of',
        find: "t.external_id = convert_from(decode(f[6], 'hex'), 'UTF8')",
        put: "starts_with(convert_from(decode(f[6], 'hex'), 'UTF8'), t.external_id)",
      },
    ],
    killer: 'grant',
  }),
  token({
    id: 'grant-of-any-issuer',
    rule: 'R17',
    story: 'A person is who bears the name, whoever vouches for them.',
    edits: [
      { function: 'grant_of', find: "      and m.issuer = convert_from(decode(f[7], 'hex'), 'UTF8')\n", put: '' },
    ],
    killer: 'grant',
  }),
  token({
    id: 'grant-of-any-workspace',
    rule: 'R17',
    story: 'Who is a member of one workspace gets the grant of it in every other.',
    edits: [{ function: 'grant_of', find: '      and w.external_id = grant_of.workspace\n', put: '' }],
    killer: 'grant',
  }),
  ...floorless,
  policy({
    id: 'floor-without-member',
    rule: 'R18',
    story: 'The floor of user memory compares tenant and workspace alone.',
    edits: [
      {
        sql: 'alter policy floor on wt.user_memory using ((tenant_id, workspace_id) = (select b.tenant, b.workspace from wt.boundary() b))',
      },
    ],
    killer: 'floor-user-memory',
  }),
  policy({
    id: 'floor-without-workspace',
    rule: 'R18',
    story: 'The floor of workspace memory compares the tenant alone.',
    edits: [
      { sql: 'alter policy floor on wt.workspace_memory using (tenant_id = (select b.tenant from wt.boundary() b))' },
    ],
    killer: 'floor-workspace-memory',
  }),
  policy({
    id: 'row-security-disabled',
    rule: 'R19',
    story: 'Row security is switched off on workspace memory.',
    edits: [{ sql: 'alter table wt.workspace_memory disable row level security' }],
    killer: 'floor-workspace-memory',
  }),
  policy({
    id: 'force-dropped',
    rule: 'R19',
    story: 'Row security binds everybody but the owner of user memory.',
    edits: [{ sql: 'alter table wt.user_memory no force row level security' }],
    killer: 'forced',
  }),
  policy({
    id: 'datasources-not-asked',
    rule: 'R20',
    story: 'A workspace’s datasources are open to all of its members.',
    edits: [{ sql: 'drop policy granted on wt.document' }],
    killer: 'granted-datasources',
  }),
  policy({
    id: 'no-datasources-is-all',
    rule: 'R20',
    story: 'Who is allowed no datasource is allowed all of them.',
    edits: [
      {
        sql: 'alter policy granted on wt.document using (cardinality((select b.datasources from wt.boundary() b)) = 0 or datasource_id = any ((select b.datasources from wt.boundary() b)::uuid[]))',
      },
    ],
    killer: 'granted-datasources',
  }),
  policy({
    id: 'workspace-memory-by-anybody',
    rule: 'R21',
    story: 'Every member writes what the workspace shares.',
    edits: [{ sql: 'alter policy write on wt.workspace_memory using (true)' }],
    killer: 'workspace-memory-role',
  }),
  policy({
    id: 'tenant-memory-by-anybody',
    rule: 'R21',
    story: 'Every member writes what the tenant shares.',
    edits: [{ sql: 'alter policy write on wt.tenant_memory using (true)' }],
    killer: 'tenant-memory-role',
  }),
  policy({
    id: 'documents-by-viewers',
    rule: 'R21',
    story: 'A viewer writes documents.',
    edits: [{ sql: 'alter policy write on wt.generation using (true)' }],
    killer: 'document-role',
  }),
  policy({
    id: 'run-check-dropped',
    rule: 'R22',
    story: 'The check of a new run is gone: anybody starts one in a colleague’s name.',
    edits: [{ sql: 'alter policy start on wt.run with check (true)' }],
    killer: 'own-name',
  }),
  policy({
    id: 'evidence-check-dropped',
    rule: 'R22',
    story: 'The check of a new event is gone: anybody files evidence in a colleague’s name.',
    edits: [
      {
        sql: 'alter policy floor on wt.audit_event with check ((tenant_id, workspace_id) = (select b.tenant, b.workspace from wt.boundary() b))',
      },
    ],
    killer: 'own-name',
  }),
  {
    id: 'transaction-not-ended',
    rule: 'R24',
    story: 'A transaction can be used after its function has returned, when the connection is somebody else’s.',
    layer: 'surface',
    edits: [{ file: 'store/transact.ts', find: 'if (!open)', put: 'if (false)' }],
    killer: 'database/transaction',
  },
  {
    id: 'transaction-controlled',
    rule: 'R24',
    story: 'SQL of the app commits, and goes on without a token or with the next one’s.',
    layer: 'surface',
    edits: [{ file: 'store/transact.ts', find: 'if (controlsTransaction(text))', put: 'if (false)' }],
    killer: 'database/transaction',
  },
  {
    id: 'copy-allowed',
    rule: 'R24',
    story: 'COPY takes over the connection.',
    layer: 'surface',
    edits: [{ file: 'store/transact.ts', find: 'if (isCopy(text))', put: 'if (false)' }],
    killer: 'database/transaction',
  },
  {
    id: 'token-of-any-boundary',
    rule: 'R25',
    story: 'Tokens are remembered for a session, not for a boundary: the second caller works as the first.',
    layer: 'token',
    edits: [
      { file: 'store/token.ts', find: 'this.#minted.get(state) ?? new Map<number, Minted>()', put: 'everybodys' },
      {
        file: 'store/token.ts',
        find: 'export class TokenMint {',
        put: 'const everybodys = new Map<number, Minted>()\n\nexport class TokenMint {',
      },
    ],
    killer: 'database/tokens-apart',
  },
]
