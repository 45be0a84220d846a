// What a boundary decides. A model that names one of these tries to choose whose data it works on (incidents 10 to 20).
const reserved = new Set([
  'tenant', 'tenantid', 'tenantids', 'tenantuuid', 'tenantname', 'tenantslug', 'tenantkey', 'tenants',
  'org', 'orgid', 'orgids', 'organization', 'organizationid', 'organisation', 'organisationid',
  'workspace', 'workspaceid', 'workspaceids', 'workspaces',
  'boundary', 'agentboundary', 'memorynamespace', 'retrievalnamespace', 'allowedtoolids', 'alloweddatasourceids',
]) // oxfmt-ignore

// Not ids, but names that change what an object is where code is careless.
const poisonous = new Set(['__proto__', 'constructor', 'prototype'])

// With a word in front they say whose data just the same: `targetTenantId`, `x-tenant-id`, `context.workspaceId`.
const reservedEnd = /(?:tenant|workspace|organi[sz]ation)(?:id|ids|uuid)$/

/** Says whether a name is one that only a boundary may decide, however it is written: `tenantId`, `TENANT_ID`, `x-tenant-id`. */
export function isReservedName(name: string): boolean {
  if (poisonous.has(name)) return true
  // Taken apart first: full-width letters and accents are the letters beneath them.
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
  return reserved.has(plain) || reservedEnd.test(plain) || (plain.startsWith('x') && reserved.has(plain.slice(1)))
}

/** Says whether an input holds a reserved name, at any depth. Takes a JSON copy, not what the model's framework hands in. */
export function hasReservedName(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasReservedName)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, member]) => isReservedName(name) || hasReservedName(member))
}
