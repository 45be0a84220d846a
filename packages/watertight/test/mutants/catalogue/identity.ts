import type { Mutant } from '../mutant.ts'

const jwt = 'boundary/jwt.ts'
const session = 'boundary/session.ts'
const principal = 'boundary/principal.ts'

export const identityMutants: readonly Mutant[] = [
  {
    id: 'jwt-any-audience',
    rule: 'R1',
    story: 'The audience is not compared: a token that the same issuer made for another product opens this one.',
    layer: 'identity',
    edits: [{ file: jwt, find: '    audience: settings.audience,\n    algorithms', put: '    algorithms' }],
    killer: 'identity/audience',
  },
  {
    id: 'jwt-any-issuer',
    rule: 'R1',
    story: 'The issuer is not compared: whoever shares the key vouches for anybody.',
    layer: 'identity',
    edits: [
      {
        file: jwt,
        find: '    issuer: settings.issuer,\n    audience: settings.audience,\n    algorithms',
        put: '    audience: settings.audience,\n    algorithms',
      },
    ],
    killer: 'identity/issuer',
  },
  {
    id: 'jwt-any-algorithm',
    rule: 'R1',
    story: 'The header of the token says by which algorithm it is checked.',
    layer: 'identity',
    edits: [{ file: jwt, find: '    algorithms: [...settings.algorithms],\n', put: '' }],
    killer: 'identity/algorithm',
  },
  {
    id: 'jwt-any-type',
    rule: 'R1',
    story: 'A logout token of the same issuer is taken for an access token.',
    layer: 'identity',
    edits: [{ file: jwt, find: 'if (!isExpectedTyp(', put: 'if (false && !isExpectedTyp(' }],
    killer: 'identity/type',
  },
  {
    id: 'jwt-default-tenant',
    rule: 'R2',
    story: 'A token without a tenant belongs to the tenant called default.',
    layer: 'identity',
    edits: [
      {
        file: jwt,
        find: 'payload[settings.tenantClaim] : undefined',
        put: "payload[settings.tenantClaim] : 'default'",
      },
    ],
    killer: 'identity/tenant-of-a-token',
  },
  {
    id: 'session-default-tenant',
    rule: 'R2',
    story: 'A session without a tenant belongs to the tenant called default.',
    layer: 'identity',
    edits: [
      {
        file: session,
        find: 'const { tenantId, userId, expiresAt } =',
        put: "const { tenantId = 'default', userId, expiresAt } =",
      },
    ],
    killer: 'identity/tenant-of-a-session',
  },
  {
    id: 'session-lower-cased',
    rule: 'R2',
    story: 'Tenants are folded to lower case: ACME gets what is acme’s.',
    layer: 'identity',
    edits: [
      {
        file: session,
        find: 'subject: userId, tenantId, expiresAt',
        put: 'subject: userId, tenantId: tenantId.toLowerCase(), expiresAt',
      },
    ],
    killer: 'identity/tenant-of-a-session',
  },
  {
    id: 'session-fails-open',
    rule: 'R2',
    story: 'Without a session the caller is an anonymous member instead of nobody.',
    layer: 'identity',
    edits: [
      {
        file: session,
        find: "if (proved === undefined || proved === null) throw new Unauthenticated('absent')",
        put: "if (proved === undefined || proved === null) return { issuer, subject: 'anonymous', tenantId: 'default', expiresAt: endOf(undefined) }",
      },
    ],
    killer: 'identity/no-session',
  },
  {
    id: 'principal-without-end',
    rule: 'R3',
    story: 'A proof that is over still makes boundaries.',
    layer: 'identity',
    edits: [{ file: principal, find: 'if (claims.expiresAt <= authority.now())', put: 'if (false)' }],
    killer: 'identity/principal',
  },
  {
    id: 'principal-of-any-deployment',
    rule: 'R3',
    story: 'Who was proved to the American deployment is proved to the European one in the same process.',
    layer: 'identity',
    edits: [{ file: principal, find: ' && value.#authority === authority', put: '' }],
    killer: 'identity/principal',
  },
  {
    id: 'id-normalised',
    rule: 'R4',
    story: 'Ids are brought to one Unicode form: two tenants become one.',
    layer: 'surface',
    edits: [{ file: 'encoding/id.ts', find: '  return value\n}', put: "  return value.normalize('NFC')\n}" }],
    killer: 'identity/opaque-ids',
  },
  {
    id: 'id-trimmed',
    rule: 'R4',
    story: 'Blanks around an id are taken off: a tenant reads its namesake’s.',
    layer: 'surface',
    edits: [{ file: 'encoding/id.ts', find: '  return value\n}', put: '  return value.trim()\n}' }],
    killer: 'identity/opaque-ids',
  },
  {
    id: 'id-empty',
    rule: 'R4',
    story: 'An empty id is an id, and so a missing setting names nobody’s tenant.',
    layer: 'surface',
    edits: [{ file: 'encoding/id.ts', find: " || value === ''", put: '' }],
    killer: 'identity/opaque-ids',
  },
  {
    id: 'key-not-encoded',
    rule: 'R5',
    story: 'Ids are joined as they are: `a` with `b/c` is the key of `a/b` with `c`.',
    layer: 'surface',
    edits: [{ file: 'encoding/exact-key.ts', find: 'encodeURIComponent(part)', put: 'part' }],
    killer: 'identity/exact-keys',
  },
  {
    id: 'key-lower-cased',
    rule: 'R5',
    story: 'Keys are folded to lower case, as names of queues and hosts often are.',
    layer: 'surface',
    edits: [
      {
        file: 'encoding/exact-key.ts',
        find: 'encodeURIComponent(part)',
        put: 'encodeURIComponent(part).toLowerCase()',
      },
    ],
    killer: 'identity/exact-keys',
  },
]
