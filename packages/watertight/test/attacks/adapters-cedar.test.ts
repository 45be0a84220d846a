import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs'

import { cedar } from '../../src/adapters/cedar.ts'
import type { AgentBoundary, Json, Policy, PolicyQuestion } from '../../src/index.ts'
import { boundaryOf, lookAlikes } from '../support/people.ts'

const permitAll = 'permit(principal, action, resource);'
const own = boundaryOf()

function ask(policy: Policy, question: Partial<PolicyQuestion> = {}): boolean | Promise<boolean> {
  const tool = { name: 'refund', risk: 'write', role: 'member' } as const
  return policy.decide({ boundary: own, tool, resources: [], input: {}, ...question })
}

const forbidding = (condition: string) =>
  cedar({ policies: { all: permitAll, limit: `forbid(principal, action, resource) when { ${condition} };` } })
const permitting = (condition: string) =>
  cedar({ policies: { some: `permit(principal, action, resource) when { ${condition} };` } })

/** Says whether a condition is true of a question. One that errs is neither true nor false. */
function holds(condition: string, question: Partial<PolicyQuestion>): boolean {
  return ask(permitting(condition), question) === true && ask(forbidding(condition), question) === false
}

/** Says whether a condition errs for a question: then neither it nor its contrary permits anything. */
function errs(condition: string, question: Partial<PolicyQuestion>): boolean {
  return [condition, `!(${condition})`].every((either) => ask(permitting(either), question) === false)
}

/** What an app writes that hands its model's arguments to Cedar as they are, and takes the decision for the answer. */
function askNaively(policies: Readonly<Record<string, string>>, input: unknown): string {
  const answer = isAuthorized({
    principal: { type: 'User', id: 'alice' },
    action: { type: 'Action', id: 'callTool' },
    resource: { type: 'Tool', id: 'refund' },
    context: { input: input as never },
    entities: [],
    policies: { staticPolicies: { ...policies } },
  })
  return answer.type === 'success' ? answer.response.decision : 'failure'
}

describe('a decision', () => {
  test('should be a deny when no policy permits', () => {
    expect(ask(cedar({ policies: {} }))).toBe(false)
    expect(ask(permitting('false'))).toBe(false)
    expect(ask(permitting('principal.tenant == "acme"'))).toBe(true)
  })

  test('should be a deny when a policy forbids, whatever others permit', () => {
    expect(ask(forbidding('true'))).toBe(false)
    expect(ask(forbidding('false'))).toBe(true)
  })

  test.each([
    ['a member that is not there', 'context.tenantId != "acme"'],
    ['an argument that is not there', 'context.input.amount > 100'],
    ['an attribute that is not there', 'principal.department == "sales"'],
    ['an attribute of an entity that is not there', 'User::"nobody".role == "owner"'],
    ['a text that is compared as a number', 'principal.role > 3'],
    ['a number that runs over', '9223372036854775807 + 1 > 0'],
    ['an address that is none', 'ip(principal.role).isLoopback()'],
  ])('should be a deny when a forbid errs: %s', (_what, condition) => {
    const policies = { all: permitAll, limit: `forbid(principal, action, resource) when { ${condition} };` }
    // Cedar alone skips it, and allows.
    expect(askNaively(policies, {})).toBe('allow')
    expect(ask(cedar({ policies }))).toBe(false)
    expect(ask(forbidding(`!(${condition})`))).toBe(false)
    expect(errs(condition, {})).toBe(true)
  })

  test('should be a deny when one permit errs and another permits', () => {
    expect(
      ask(cedar({ policies: { all: permitAll, b: 'permit(principal, action, resource) when { context.x };' } })),
    ).toBe(false)
  })

  test.each([
    ['nothing', undefined],
    ['no members', {}],
    ['a boundary that is null', { boundary: null }],
    ['a tool without a name', { tool: {} }],
    ['a tool whose name is no text', { tool: { name: 7, risk: 'read', role: 'viewer' } }],
    ['a tool whose name is an object', { tool: { name: { __entity: { type: 'Tool', id: 'x' } } } }],
    ['a tool whose name is half a letter', { tool: { name: '\ud800', risk: 'read', role: 'viewer' } }],
    ['resources that are no list', { resources: null }],
    ['a resource that is half a letter', { resources: [{ type: 'ticket', id: '\udc00' }] }],
    ['a resource whose id is a number with a fraction', { resources: [{ type: 'ticket', id: 1.5 }] }],
    [
      'an input that throws',
      {
        input: new Proxy(
          {},
          {
            ownKeys() {
              throw new RangeError('own keys')
            },
          },
        ),
      },
    ],
  ])('should be a deny when the question is broken: %s', (_what, broken) => {
    const policy = cedar({ policies: { all: permitAll } })
    const whole = { boundary: own, tool: { name: 'refund', risk: 'write', role: 'member' }, resources: [], input: {} }
    const question = broken === undefined ? broken : Object.keys(broken).length === 0 ? broken : { ...whole, ...broken }
    expect(policy.decide(question as PolicyQuestion)).toBe(false)
    expect(policy.decide(whole as PolicyQuestion)).toBe(true)
  })

  test('should be of the principal, tool and records that are asked for', () => {
    const question = { resources: [{ type: 'ticket', id: 'T-1' }] }
    for (const condition of [
      'principal is User && principal.tenant == "acme" && principal.workspace == "support"',
      'principal.user == "alice" && principal.role == "member" && principal.plan == "pro" && principal.region == "eu"',
      String.raw`principal == User::"[\"acme\",\"support\",\"alice\"]"`,
      'action == Action::"callTool"',
      'resource == Tool::"refund" && resource.risk == "write" && resource.role == "member"',
      'context.tenant == "acme" && context.workspace == "support"',
      'context.resources.contains({ type: "ticket", id: "T-1" })',
    ])
      expect(holds(condition, question), condition).toBe(true)
    expect(holds('context.resources.contains({ type: "ticket", id: "T-2" })', question)).toBe(false)
  })
})

describe('people and tools that look alike', () => {
  const places: readonly (readonly [string, string, string])[] = [
    ...lookAlikes.map((tenant) => [tenant, 'support', 'alice'] as const),
    ['acme', 'support2', 'alice'],
    ['acme', 'support', 'alice2'],
    ['acme"', 'support', 'alice'],
    ['acme","support', 'x', 'alice'],
    ['acme', 'x","support', 'alice'],
    ['acme\\', 'support', 'alice'],
  ]

  const at = ([tenantId, workspaceId, subject]: readonly [string, string, string]): AgentBoundary =>
    boundaryOf({ claims: { tenantId, subject }, workspaceId })

  // A text of Cedar has the escapes of JSON that are used here.
  const quote = (text: string) => JSON.stringify(text)

  test.each(places)('should not be taken for one another: %j %j %j', (...place) => {
    const named = permitting(`principal == User::${quote(JSON.stringify(place))}`)
    const described = permitting(
      `principal.tenant == ${quote(place[0])} && context.workspace == ${quote(place[1])} && principal.user == ${quote(place[2])}`,
    )
    for (const other of places) {
      expect(ask(named, { boundary: at(other) })).toBe(samePlace(other, place))
      expect(ask(described, { boundary: at(other) })).toBe(samePlace(other, place))
    }
  })

  test('should not be taken for one another: tools', () => {
    const named = permitting('resource == Tool::"caf\u00e9"')
    const call = (name: string) => ask(named, { tool: { name, risk: 'read', role: 'viewer' } })
    expect(call('caf\u00e9')).toBe(true)
    for (const name of ['cafe\u0301', 'Caf\u00e9', 'caf\u00e9 ', 'caf\u00e9\0', 'c\u0430f\u00e9', 'Tool::"caf\u00e9"'])
      expect(call(name)).toBe(false)
  })

  function samePlace(one: readonly string[], other: readonly string[]): boolean {
    return one.every((id, index) => id === other[index])
  }
})

describe('the arguments of a model', () => {
  test('should be seen as they are, where Cedar has them', () => {
    const input = {
      amount: 7,
      note: 'caf\u00e9 \0 "',
      urgent: true,
      tags: ['a', 'b', 'a'],
      who: { type: 'User', id: 'x' },
    }
    for (const condition of [
      'context.input.amount == 7 && context.input.amount > 6',
      String.raw`context.input.note == "caf\u{e9} \0 \""`,
      'context.input.urgent',
      'context.input.tags == ["b", "a"]',
      'context.input.who == { type: "User", id: "x" }',
      '!(context.input has other)',
    ])
      expect(holds(condition, { input }), condition).toBe(true)
    expect(holds('context.input[""] == 1', { input: { '': 1 } })).toBe(true)
    expect(holds('context.input["constructor"] == 1', { input: { constructor: 1 } })).toBe(true)
    expect(holds('context.input has toString', { input: {} })).toBe(false)
  })

  const escapes: readonly (readonly [string, Json])[] = [
    ['an entity', { __entity: { type: 'User', id: '["acme","support","boss"]' } }],
    ['an entity with more beside it', { __entity: { type: 'Group', id: 'staff' }, amount: 1_000_000 }],
    ['an extension', { __extn: { fn: 'ip', arg: '127.0.0.1' } }],
    ['an extension with more beside it', { __extn: { fn: 'decimal', arg: '0.0' }, amount: 1_000_000 }],
    ['an expression', { __expr: 'User::"boss"' }],
    ['a tag of our own numbers', { __entity: { type: 'Json::Number', id: '1.5' } }],
    ['an escape that is malformed', { __entity: 'boss' }],
    ['an escape that Cedar may have one day', { __new: 1 }],
    ['a prototype', JSON.parse('{"__proto__":{"amount":1}}')],
  ]

  test.each(escapes)('should not become %s, at any depth', (_what, escape) => {
    const policies = [permitAll, 'permit(principal, action, resource) when { context.input is Group };']
    for (const text of policies) {
      const policy = cedar({ policies: { text } })
      for (const input of [escape, { a: escape }, [escape], { a: [{ b: [1, escape] }] }])
        expect(ask(policy, { input })).toBe(false)
    }
  })

  test('should be what the model says that it is, where an app hands it on as it is', () => {
    const policies = { staff: 'permit(principal, action, resource) when { context.input.who == Group::"staff" };' }
    const input = { who: { __entity: { type: 'Group', id: 'staff' } } }
    expect(askNaively(policies, input)).toBe('allow')
    expect(ask(cedar({ policies }), { input })).toBe(false)
    // The rest of such an object is dropped: a limit does not see what the tool gets.
    const limit = {
      all: permitAll,
      limit: 'forbid(principal, action, resource) when { context.input has amount && context.input.amount > 100 };',
    }
    const hidden = { __extn: { fn: 'decimal', arg: '0.0' }, amount: 1_000_000 }
    expect(askNaively(limit, { amount: 1_000_000 })).toBe('deny')
    expect(ask(cedar({ policies: limit }), { input: hidden })).toBe(false)
  })

  const odd: readonly (readonly [string, Json])[] = [
    ['a fraction', 1000.5],
    ['a fraction that is small', 0.1],
    ['null', null],
    ['more than 64 bits', 1e20],
    ['less than 64 bits', -1e20],
    ['the first that a double cannot tell from the next', 2 ** 53],
    ['2 to the 63rd', 2 ** 63],
    ['the largest', Number.MAX_VALUE],
    ['the least', Number.MIN_VALUE],
  ]

  test.each(odd)('should not slip past a limit as %s', (_what, amount) => {
    const guarded = 'context.input has amount && context.input.amount > 100'
    expect(ask(forbidding(guarded), { input: { amount } })).toBe(false)
    expect(ask(forbidding(guarded), { input: { amount: 7 } })).toBe(true)
    expect(ask(forbidding(guarded), { input: {} })).toBe(true)
    for (const condition of [
      'context.input.amount > 100',
      'context.input.amount < 100',
      'context.input.amount + 1 == 2',
      'context.input.amount like "*"',
      'context.input.amount.contains(1)',
      'context.input.amount.value == 1',
      'ip(context.input.amount).isLoopback()',
      'if context.input.amount then true else false',
    ])
      expect(errs(condition, { input: { amount } }), condition).toBe(true)
    expect(holds('context.input has amount', { input: { amount } })).toBe(true)
    expect(holds('context.input.amount == context.input.amount', { input: { amount } })).toBe(true)
  })

  test('should stay apart from one another, and from what merely looks like them', () => {
    const values: readonly Json[] = [
      ...odd.map(([, value]) => value),
      'null',
      '1000.5',
      '',
      0,
      1,
      -1,
      false,
      true,
      [],
      {},
      [null],
      [1.5],
      { type: 'Json::Null', id: 'null' },
    ]
    const equal = forbidding('context.input.a == context.input.b')
    for (const [one, a] of values.entries())
      for (const [two, b] of values.entries())
        expect(ask(equal, { input: { a, b } }), JSON.stringify([a, b])).toBe(one !== two)
  })

  test('should be told from numbers and nothing by a policy that wants to allow them', () => {
    expect(holds('context.input.a is Json::Number', { input: { a: 1.5 } })).toBe(true)
    expect(holds('context.input.a == Json::Number::"1.5"', { input: { a: 1.5 } })).toBe(true)
    expect(holds('context.input.a is Json::Null', { input: { a: null } })).toBe(true)
    expect(holds('context.input.a is Json::Null', { input: { a: 1.5 } })).toBe(false)
    // What is a number to Cedar is no entity: a policy that takes fractions must ask for both.
    expect(errs('context.input.a is Json::Number', { input: { a: 1 } })).toBe(true)
  })

  test.each([
    ['no number', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['nothing', undefined],
    ['a big integer', 5n],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a date', new Date(0)],
    ['a map', new Map([['a', 1]])],
    ['a list with a hole', Array.from({ length: 2, 1: 1 })],
    ['half a letter', '\ud800'],
    ['a name that is half a letter', { 'a\udc00': 1 }],
    ['an object that writes itself', { toJSON: () => 1 }],
    ['an object of a class', Object.create({ amount: 1 })],
  ])('should be a deny when they are no JSON: %s', (_what, value) => {
    const policy = cedar({ policies: { all: permitAll } })
    for (const input of [value, { a: value }, [value], { a: [{ b: value }] }])
      expect(ask(policy, { input: input as Json })).toBe(false)
  })

  test('should be a deny when they go in circles', () => {
    const input: Record<string, unknown> = {}
    input['input'] = input
    expect(ask(cedar({ policies: { all: permitAll } }), { input: input as Json })).toBe(false)
  })

  const nest = (levels: number, leaf: Json, wrap: (inner: Json) => Json): Json => {
    let input = leaf
    for (let level = 0; level < levels; level++) input = wrap(input)
    return input
  }
  const wraps: readonly ((inner: Json) => Json)[] = [(inner) => [inner], (inner) => ({ a: inner })]

  test.each([64, 65, 200, 5000])('should be a deny when they are deeper than tools take them: %i', (levels) => {
    const policy = cedar({ policies: { all: permitAll } })
    for (const wrap of wraps) expect(ask(policy, { input: nest(levels, 1, wrap) })).toBe(levels <= 64)
    expect(ask(policy)).toBe(true)
  })

  test('should not keep the process busy', () => {
    const policy = cedar({ policies: { all: permitAll } })
    const fractions = Array.from({ length: 60_000 }, (_, index) => index + 0.5)
    for (const wrap of wraps)
      for (const levels of [0, 30, 60]) {
        const before = process.cpuUsage()
        expect(ask(policy, { input: nest(levels, fractions, wrap) })).toBe(false)
        expect(process.cpuUsage(before).user).toBeLessThan(500_000)
      }
    expect(ask(policy, { input: fractions.slice(0, 5000) })).toBe(true)
  })

  test('should be a decision, and never a throw, whatever they are', () => {
    const policy = forbidding('context.input has amount && context.input.amount > 100')
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.anything(), fc.record({ amount: fc.jsonValue() })), (input) => {
        expect(typeof ask(policy, { input: input as Json })).toBe('boolean')
      }),
    )
    // Nothing that was asked has broken the engine for whoever comes next.
    expect(ask(policy)).toBe(true)
  })

  test('should be as an amount below the limit whenever they pass', () => {
    const policy = forbidding('context.input has amount && context.input.amount > 100')
    const numbers = fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger(), fc.constantFrom(100, 101, 100.5, -0))
    fc.assert(
      fc.property(numbers, (amount) => {
        expect(ask(policy, { input: { amount } })).toBe(Number.isSafeInteger(amount) && amount <= 100)
      }),
    )
  })
})

const schema = `
  entity User { tenant: String, workspace: String, user: String, role: String, plan: String, region: String };
  entity Tool { risk: String, role: String };
  entity Group;
  action callTool appliesTo {
    principal: User,
    resource: Tool,
    context: {
      tenant: String,
      workspace: String,
      resources: Set<{ type: String, id: String }>,
      input: { amount?: Long, who?: Group, from?: ipaddr },
    },
  };
`

describe('a schema', () => {
  const policies = {
    all: permitAll,
    limit: 'forbid(principal, action, resource) when { context.input has amount && context.input.amount > 100 };',
    staff: 'forbid(principal, action, resource) when { context.input has who && context.input.who == Group::"staff" };',
  }

  test('should not refuse the arguments of tools that it does not describe', () => {
    const policy = cedar({ policies, schema })
    expect(ask(policy, { input: { amount: 7, note: 'x' } })).toBe(true)
    expect(ask(policy, { input: { amount: 101 } })).toBe(false)
  })

  test.each([
    ['a text as a number', { amount: '7' }],
    ['a fraction as a number', { amount: 7.5 }],
    ['null as a number', { amount: null }],
    ['a list as a number', { amount: [7] }],
  ])('should not be slipped past by %s', (_what, input) => {
    expect(ask(cedar({ policies, schema }), { input })).toBe(false)
  })

  test('should not make entities or addresses of arguments', () => {
    const both = {
      who: 'permit(principal, action, resource) when { context.input has who && context.input.who == Group::"staff" };',
      from: 'permit(principal, action, resource) when { context.input has from && context.input.from.isLoopback() };',
    }
    const policy = cedar({ policies: both, schema })
    for (const input of [
      { who: { type: 'Group', id: 'staff' } },
      { who: 'staff' },
      { who: { __entity: { type: 'Group', id: 'staff' } } },
      { from: '127.0.0.1' },
      { from: { fn: 'ip', arg: '127.0.0.1' } },
      { from: { __extn: { fn: 'ip', arg: '127.0.0.1' } } },
    ])
      expect(ask(policy, { input })).toBe(false)
  })

  test.each([
    ['a schema that cannot be read', 'entity', /schema cannot be read/],
    ['an empty one', '', /describe what is asked/],
    ['a schema that is no text', 7, /must be text/],
    ['a schema that is half a letter', '\ud800', /must be text/],
    ['an action of another name', schema.replace('callTool', 'call'), /describe what is asked/],
    ['a principal of another kind', schema.replace('principal: User', 'principal: Group'), /describe what is asked/],
    ['a resource of another kind', schema.replace('resource: Tool', 'resource: Group'), /describe what is asked/],
    ['an attribute of another name', schema.replace('plan: String', 'tier?: String'), /describe what is asked/],
    ['an attribute of another type', schema.replace('region: String', 'region: Long'), /describe what is asked/],
    ['an attribute that is not asked', schema.replace('{ risk', '{ owner: String, risk'), /describe what is asked/],
    [
      'a member of another name',
      schema.replace(' tenant: String,\n', ' tenantId?: String,\n'),
      /describe what is asked/,
    ],
    ['an argument that each tool must have', schema.replace('amount?', 'amount'), /describe what is asked/],
  ])('should be refused when it would guard nothing: %s', (_what, broken, message) => {
    // The policies ask for nothing that a broken schema lacks.
    const make = () => cedar({ policies: { all: permitAll }, schema: broken as string })
    expect(make).toThrow(TypeError)
    expect(make).toThrow(message)
  })
})

describe('policies that are wrong', () => {
  test.each([
    ['no policy', ''],
    ['half a policy', 'permit(principal, action'],
    ['two policies', `${permitAll} ${permitAll}`],
    ['a permit behind a forbid', `forbid(principal, action, resource) when { false }; ${permitAll}`],
    ['a template', 'permit(principal == ?principal, action, resource);'],
    ['a comment', '// nothing'],
    ['half a letter', `${permitAll} // \ud800`],
    ['an object', { effect: 'permit' }],
    ['nothing', undefined],
  ])('should be refused by their ids when they are made: %s', (_what, text) => {
    const make = () => cedar({ policies: { fine: permitAll, 'the "odd" one': text as string } })
    expect(make).toThrow(TypeError)
    expect(make).toThrow(/The Cedar policy "the \\"odd\\" one"/)
  })

  test('should be refused when they are made: not valid by the schema', () => {
    for (const condition of ['context.tenantId == "x"', 'context.input.amount > 1', 'principal.role == 1']) {
      const odd = `forbid(principal, action, resource) when { ${condition} };`
      const make = () => cedar({ policies: { all: permitAll, odd }, schema })
      expect(make).toThrow(TypeError)
      expect(make).toThrow(/The Cedar policy "odd" is not valid/)
    }
  })

  test.each([undefined, null, permitAll, [permitAll], 7])(
    'should be refused when they are no object: %j',
    (policies) => {
      expect(() => cedar({ policies: policies as never })).toThrow(TypeError)
    },
  )

  test('should not be taken from a prototype', () => {
    expect(ask(cedar({ policies: Object.create({ all: permitAll }) }))).toBe(false)
  })

  test('should keep their ids, whatever they are', () => {
    const policies = Object.fromEntries([
      ['__proto__', permitAll],
      ['', 'forbid(principal, action, resource) when { context.input has stop };'],
    ])
    expect(ask(cedar({ policies }))).toBe(true)
    expect(ask(cedar({ policies }), { input: { stop: 1 } })).toBe(false)
  })
})

describe('two policies side by side', () => {
  test('should not answer for one another, also with the same ids', () => {
    const open = cedar({ policies: { rule: permitAll } })
    const shut = cedar({ policies: { rule: 'forbid(principal, action, resource);' } })
    const reader = cedar({
      policies: { rule: 'permit(principal, action, resource) when { resource.risk == "read" };' },
      schema,
    })
    for (let round = 0; round < 3; round++) expect([ask(open), ask(shut), ask(reader)]).toEqual([true, false, false])
  })

  test('should have a hash of all that decides, and of nothing else', () => {
    const other = 'permit(principal, action, resource) when { true };'
    const made = [
      { policies: {} },
      { policies: { a: permitAll } },
      { policies: { b: permitAll } },
      { policies: { a: other } },
      { policies: { a: permitAll, b: other } },
      { policies: { a: other, b: permitAll } },
      { policies: { a: permitAll }, schema },
      { policies: { a: permitAll }, schema: `${schema} entity Other;` },
    ].map((options) => cedar(options).hash)
    expect(new Set(made).size).toBe(made.length)
    expect(made.every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true)
    expect(cedar({ policies: { b: other, a: permitAll } }).hash).toBe(
      cedar({ policies: { a: permitAll, b: other } }).hash,
    )
  })

  test('should not be changed once they are made', () => {
    const policies: Record<string, string> = { rule: 'forbid(principal, action, resource);' }
    const policy = cedar({ policies })
    policies['rule'] = permitAll
    expect(Object.isFrozen(policy)).toBe(true)
    expect(ask(policy)).toBe(false)
  })
})
