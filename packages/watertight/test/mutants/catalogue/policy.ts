import type { Edit, Layer, Mutant } from '../mutant.ts'

const [floorFile, call] = ['boundary/policy.ts', 'surfaces/tools/call-tool.ts']

const lost = (
  id: string,
  rule: 'R57' | 'R58',
  killer: string,
  story: string,
  edit: Edit,
  more: { readonly layer?: Layer; readonly maskedBy?: readonly string[] } = {},
): Mutant => ({ id, rule, story, layer: 'surface', edits: [edit], killer: `policy/${killer}`, ...more })

export const policyMutants: readonly Mutant[] = [
  lost('floor-not-asked', 'R57', 'floor-role', 'Where a policy is above it, the floor is not asked.', {
    file: 'surfaces/tools/read-call.ts',
    find: 'if (denial === undefined) return',
    put: 'if (denial === undefined || ports.policy !== undefined) return',
  }),
  lost('floor-without-plan', 'R57', 'floor-plan', 'A tool of a dearer plan is open to all.', {
    file: floorFile,
    find: "return 'plan'",
    put: 'void plans',
  }),
  lost('floor-without-region', 'R57', 'floor-region', 'A tool of another region is open to all.', {
    file: floorFile,
    find: "return 'region'",
    put: 'void regions',
  }),
  lost('floor-without-risk', 'R57', 'floor-risk', 'A boundary that may only read calls what writes.', {
    file: floorFile,
    find: "riskReaches(state.maximumRisk, risk) ? undefined : 'risk'",
    put: 'undefined',
  }),
  lost('floor-of-any-risk-below-sensitive', 'R57', 'floor-risk', 'Only what is sensitive has a risk.', {
    file: floorFile,
    find: "riskReaches(state.maximumRisk, risk) ? undefined : 'risk'",
    put: "risk !== 'sensitive' || riskReaches(state.maximumRisk, risk) ? undefined : 'risk'",
  }),
  lost('policy-fails-open', 'R58', 'answer', 'What is not a no is a yes.', {
    file: call,
    find: 'if (allowed === true) return',
    put: 'if (allowed !== false) return',
  }),
  lost('policy-by-truth', 'R58', 'answer', 'Whatever is truthy is a yes.', {
    file: call,
    find: 'if (allowed === true) return',
    put: 'if (allowed) return',
  }),
  lost('policy-that-throws-allows', 'R58', 'throw', 'A policy that cannot be asked has no objection.', {
    file: call,
    find: 'await guarding(ports, boundary, tool, () => policy.decide(question))',
    put: 'await guarding(ports, boundary, tool, async () => { try { return await policy.decide(question) } catch { return true } })',
  }),
  lost('policy-before-records', 'R58', 'records-first', 'A policy is asked about ids that nobody has found here.', {
    file: call,
    find: '  const records = await findRecords(ports, call, hits)\n  const missing = findMissing(hits, records)\n  if (missing.length > 0) return',
    put: '  await permit(ports, call, new Map(hits.map((hit) => [hit.id, { ...hit, row: {} }])))\n  const records = await findRecords(ports, call, hits)\n  const missing = findMissing(hits, records)\n  if (missing.length > 0) return',
  }),
  lost('policy-not-asked-of-changes', 'R58', 'change', 'A change asks no policy.', {
    file: call,
    find: 'if (ports.policy !== undefined) await permit(ports, call, await requireRecords(ports, call, hits))',
    put: '',
  }),
  lost(
    'policy-without-name',
    'R58',
    'named',
    'The evidence does not say by which policy it was decided.',
    { function: 'audit_append', find: "coalesce(e.policy_hash, '')", put: "''" },
    { layer: 'evidence', maskedBy: ['start-up'] },
  ),
]
