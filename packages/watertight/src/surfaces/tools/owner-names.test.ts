import { describe, expect, test } from 'vitest'

import { findOwnerName } from './owner-names.ts'

const owners = ['tenantId','tenant_id','TENANT-ID','Tenant Id','tenant.id','tenant[id]','tenantid','tenant','tenants','x-tenant-id','X_Tenant','targetTenantId','context.tenantId','sourceWorkspaceIds','orgId','org','organizationId','organisation_id','workspaceId','workspace','WORKSPACE_ID','ｔｅｎａｎｔＩｄ','ten\u200bantId','te\u0301nantId','ſource_workſpace_id','boundary','memoryNamespace','allowedToolIds','allowed_datasource_ids','wsId','ws_id','WSID','wsid','targetTenant','target_tenant','orgUuid','org_uuid','orguuid','myorg','targetorgid','tеnantId','τenantId','оrgId','оrg_id','TENANTID','TeNaNtId','filter[tenant_id]','where.tenantId','where.tenantId.eq','tenantIdOverride','tenant_id__eq','tenantIds','tenantsId','tenant_uid','org:id','org/id','$tenantId','@tenantId','tenant→id','tenantId2','tenant_id_2','orgs','tenant name','tenantSlug','workspaceName','workspace_slug','x-org','X-Organization-Id','http_x_tenant_id','tenant\u00adId','tenant\u202eId','tenant_Ι𝐝','𝕥𝕖𝕟𝕒𝕟𝕥','Ⓣⓔⓝⓐⓝⓣ','тенант','wоrkspace_id','ᴛᴇɴᴀɴᴛ','ꓔꓰꓠꓮꓠꓔ','tenant\tid','tenant%5Fid','ctx.memoryNamespace','tenancyId','realm_id','subtenantId','organizationsIds','data.tenant.id','byTenant','Tenant','tenant*','"tenantId"',"tenant'id",'workspacesIn','tenant_in','newOrgId','organisationsId','t e n a n t','ten.ant'] // oxfmt-ignore

/** Names of ordinary arguments, and among them those that hold the letters of an owner's by chance. */
const ordinary = ['ticketId','id','query','key','status','note','origin','organ','works','tenancy','lieutenant','x','proto','organizer','organizerId','tenancyAgreement','tenancyStart','lieutenantId','orgChart','orgUnit','organic','organism','organize','organizationType','workspaceColor','workspaceTimezone','workplace','workplaceId','workspacePath','ws','wsUrl','wsPort','news','newsId','newsIds','rowsId','windowsId','viewsId','reorganization','networkSpaceId','frameworkSpaceId','customerId','accountId','companyId','userId','teamId','projectId','contractorId','tenderId','tenantNotes','content','contentId','intentId','extentId','patentId','latentId','potentId','boundaryBox','geoBoundary','realm','cyborgId','cyborg','Borg','gorge','forgeId','georgeId','morgueId','organsId','organId','originId','emergency','lawsId','awsId','aws_id','browserId','showsId','followsId','jaws','orderId','order','name','names','email','attendant','attendantId','competent','assistant','assistantId','instantId','instant','distantId','important','constantId','accountantId','consultantId','spaceId','spaces','namespace','namespaceId','space','workId','workshopId','worksheetId','workstationId','workerId','limit','offset','cursor','page','sort','filter','tags','locale','timezone','createdAt','dueDate','priority','assigneeId','amount','currency','invoiceNumber','phone','address','body','subject','message','threadId','channel','org chart','organisationType','tenanted','tenantable','untenanted','forget','forgotten','keyword','flowsId','wsdl','wss','dataSource','datasourceId'] // oxfmt-ignore

describe('findOwnerName', () => {
  test.each(owners)('should find %j', (name) => expect(findOwnerName(name)).toBeDefined())
  test.each(ordinary)('should let %s be', (name) => expect(findOwnerName(name)).toBeUndefined())

  test.each([
    ['tenantId', { kind: 'tenant', by: 'id', plural: false }],
    ['org', { kind: 'tenant', by: 'bare', plural: false }],
    ['sourceWorkspaceIds', { kind: 'workspace', by: 'id', plural: true }],
    ['ws_id', { kind: 'workspace', by: 'id', plural: false }],
    ['tenantName', { kind: 'tenant', by: 'other', plural: false }],
    ['workspaces', { kind: 'workspace', by: 'bare', plural: true }],
    ['workspaceId', { kind: 'workspace', by: 'id', plural: false }],
    ['superworkspace', { kind: 'workspace', by: 'bare', plural: false }],
    ['superworkspaceids', { kind: 'workspace', by: 'id', plural: true }],
    ['subtenantid', { kind: 'tenant', by: 'id', plural: false }],
    ['targetorgid', { kind: 'tenant', by: 'id', plural: false }],
    ['tenancy_id', { kind: 'tenant', by: 'id', plural: false }],
    ['sip_tenancy_id', { kind: 'tenant', by: 'id', plural: false }],
    ['sip_realm_id_ids', { kind: 'tenant', by: 'id', plural: true }],
    ['sip_ws_id', { kind: 'workspace', by: 'id', plural: false }],
    ['sip_ws_id_ids', { kind: 'workspace', by: 'id', plural: true }],
    ['myrealmid', { kind: 'tenant', by: 'id', plural: false }],
    ['myrealmidids', { kind: 'tenant', by: 'id', plural: true }],
    ['mywsid', { kind: 'workspace', by: 'id', plural: false }],
    ['mywsidids', { kind: 'workspace', by: 'id', plural: true }],
    ['ctx.memoryNamespace', { kind: 'boundary', by: 'bare', plural: false }],
  ])('should say what %s speaks of', (name, found) => expect(findOwnerName(name)).toEqual(found))

  // Letters that only look like o and A are Cyrillic ones.
  test.each([
    ['parts', 'tenantId.sip', 'sip[tenant_id][sop]', 'sip→tenantId→sop'],
    ['a change of case', 'sipOrg', 's\u0456pOrg', 's\u0456pOrgId'],
    ['capitals before it', 'SIPOrg', 'S\u0406POrg', '\u0410BCOrgId'],
    ['words', 'sip_org', 's\u0456p_org', 's\u0456p org id'],
  ])('should find an owner by %s', (_what, ...names) => {
    for (const name of names) expect(findOwnerName(name), name).toMatchObject({ kind: 'tenant' })
  })

  test('should judge a key that is longer than a name by its end', () => {
    const words = [...Array.from({ length: 15 }, () => 'my'), 'myorg']
    for (const name of [['sip', ...words].join('_'), `q${'x'.repeat(125)}org`])
      expect(findOwnerName(name)).toMatchObject({ kind: 'tenant', by: 'bare' })
    for (const name of [['sip', ...words.slice(1)].join('_'), `q${'x'.repeat(124)}org`])
      expect(findOwnerName(name)).toBeUndefined()
  })

  test.each(['', '123', '_', '中', '\u0661'])('should find none in %j, which has no letter to read', (name) => {
    expect(findOwnerName(name)).toBeUndefined()
  })

  test('should take no longer for a long key than for its letters', () => {
    const start = performance.now()
    for (const part of ['tenant id ', 'tenantid', 'x', 'my', 'org.', 'а', '\ufdfa']) findOwnerName(part.repeat(20_000))
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})
