import type { Edit, Layer, Mutant } from '../mutant.ts'

interface Lost {
  readonly id: string
  readonly rule: string
  readonly killer: string
  readonly story: string
  readonly edits: readonly Edit[]
  readonly layer?: Layer
  readonly maskedBy?: readonly string[]
}

const effect = ({ killer, layer = 'surface', maskedBy = [], ...lost }: Lost): Mutant => {
  const masks = lost.edits.some((edit) => 'function' in edit) ? ['start-up', ...maskedBy] : maskedBy
  return { ...lost, layer, ...(masks.length > 0 && { maskedBy: masks }), killer: `effects/${killer}` }
}

const [runOnce, changeOnce, effects] = [
  'surfaces/tools/run-once.ts',
  'surfaces/tools/change-once.ts',
  'services/effects/effects.ts',
]

const list = 'tenantId, workspaceId, runId, step, toolId, input'

const keys = Object.entries({
  tenant: 'tenantId, ',
  workspace: 'workspaceId, ',
  run: 'runId, ',
  step: 'step, ',
  tool: 'toolId, ',
  arguments: ', input',
}).map(([part, name]) =>
  effect({
    id: `effect-key-without-${part}`,
    rule: 'R53',
    killer: 'key',
    story: `The key of an effect is made without the ${part}, and so a service takes two effects for one.`,
    edits: [{ file: 'services/effects/effect-key.ts', find: list, put: list.replace(name, '') }],
  }),
)

export const effectMutants: readonly Mutant[] = [
  ...keys,
  effect({
    id: 'write-like-a-read',
    rule: 'R53',
    killer: 'once',
    story: 'A tool that writes runs for each try.',
    edits: [
      {
        file: 'surfaces/tools/call-tool.ts',
        find: "if (call.tool.risk === 'read') return await runReading",
        put: "if (call.tool.risk !== 'sensitive') return await runReading",
      },
    ],
  }),
  effect({
    id: 'doubt-tried-again',
    rule: 'R54',
    killer: 'doubt',
    story: 'What may have been made is made again by the next try.',
    edits: [
      {
        file: runOnce,
        find: '  return await lookUp(ports, call, records, begun.attempt)',
        put: '  const again = await effects.beginAgain(call.boundary, scope.recorder, effect, begun.attempt, called)\n  if (again !== undefined) return await runHeld(ports, call, records, again)\n  return await lookUp(ports, call, records, begun.attempt)',
      },
    ],
  }),
  effect({
    id: 'failure-as-nothing-done',
    rule: 'R54',
    killer: 'doubt',
    story: 'A tool that threw is taken to have done nothing.',
    edits: [
      {
        file: runOnce,
        find: 'if (error instanceof NothingDone) await forget',
        put: 'if (error !== undefined) await forget',
      },
    ],
  }),
  effect({
    id: 'live-holder-for-dead',
    rule: 'R54',
    killer: 'alive',
    story: 'Whoever comes second takes the first for dead.',
    edits: [
      { function: 'effect_claim', find: "found_state = 'started' and found_until > clock_timestamp()", put: 'false' },
      { function: 'effect_claim', find: ' and e.held_until <= clock_timestamp();\n', put: ';\n' },
    ],
    maskedBy: ['holders of this process', 'policies'],
  }),
  effect({
    id: 'holder-never-renewed',
    rule: 'R54',
    killer: 'alive',
    story: 'Who holds an effect for longer than one lease does not say that it is alive.',
    edits: [{ file: effects, find: 'lease / 3)', put: 'lease * 1_000)' }],
    maskedBy: ['holders of this process'],
  }),
  effect({
    id: 'dead-holder-for-live',
    rule: 'R54',
    killer: 'dead',
    story: 'Who held an effect once is taken for alive forever, and nobody settles it.',
    edits: [
      {
        function: 'effect_claim',
        find: "found_state = 'started' and found_until > clock_timestamp()",
        put: "found_state = 'started'",
      },
    ],
  }),
  effect({
    id: 'stored-answer-not-judged',
    rule: 'R55',
    layer: 'ownership check',
    killer: 'stored',
    story: 'A stored answer is handed on as it is.',
    edits: [
      {
        file: runOnce,
        find: '  if (foreign > 0) throw await withhold(ports, boundary, tool, foreign)\n  const draft',
        put: '  const draft',
      },
    ],
  }),
  effect({
    id: 'withheld-answer-stored',
    rule: 'R55',
    killer: 'withheld',
    story: 'An answer that may not leave is stored all the same.',
    edits: [
      {
        file: runOnce,
        find: '    if (foreign > 0) throw await withhold(ports, boundary, tool, foreign)\n    await effects.finish(',
        put: "    if (foreign > 0) await effects.finish(boundary, scope.recorder, effect, holder, { state: 'done', answer: value }, [])\n    if (foreign > 0) throw await withhold(ports, boundary, tool, foreign)\n    await effects.finish(",
      },
    ],
  }),
  effect({
    id: 'begun-without-evidence',
    rule: 'R56',
    layer: 'evidence',
    killer: 'begin-evidence',
    story: 'An effect begins, whether its evidence was written or not.',
    edits: [
      {
        function: 'effect_begin',
        find: 'perform wt.audit_append(events);',
        put: 'begin perform wt.audit_append(events); exception when others then null; end;',
      },
    ],
  }),
  effect({
    id: 'evidence-of-each-try',
    rule: 'R56',
    layer: 'evidence',
    killer: 'one-event',
    story: 'A try that did nothing leaves the evidence of a call.',
    edits: [{ function: 'effect_begin', find: "if claimed.outcome = 'begun' then", put: 'if true then' }],
  }),
  effect({
    id: 'change-claimed-outside',
    rule: 'R56',
    killer: 'change-undone',
    story: 'A change is claimed in a transaction of its own, and stays claimed when it is undone.',
    edits: [
      {
        file: changeOnce,
        find: '  const drafts = [calledDraft(call, hits), answeredDraft(call)]',
        put: '  const drafts = [calledDraft(call, hits), answeredDraft(call)]\n  await store.transact(boundary, async (own) => { claimed = await claim(ports, call, own) })',
      },
      { file: changeOnce, find: 'const holder = await claim(ports, call, transaction)', put: 'const holder = claimed' },
      { file: changeOnce, find: 'async function reject(', put: "let claimed = ''\nasync function reject(" },
    ],
  }),
  effect({
    id: 'change-without-evidence',
    rule: 'R56',
    layer: 'evidence',
    killer: 'change-evidence',
    story: 'A change commits, and its evidence is written afterwards or not at all.',
    edits: [
      {
        file: changeOnce,
        find: "  await transaction.query('select wt.audit_append($1)', [events])\n",
        put: '  void events\n',
      },
    ],
  }),
  effect({
    id: 'change-skips-foreign-ids',
    rule: 'R56',
    killer: 'change-ids',
    story: 'A change that names what is not its own does the rest, instead of nothing.',
    edits: [
      { file: changeOnce, find: 'if (missing.length > 0)', put: 'if (missing.length > 0 && records.size === 0)' },
    ],
  }),
]
