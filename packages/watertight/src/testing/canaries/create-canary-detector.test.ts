import { gzipSync } from 'node:zlib'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createRandom } from '../random.ts'
import { createTwins } from '../twins/create-twins.ts'
import { createCanary } from './create-canary.ts'
import { createCanaryDetector } from './create-canary-detector.ts'

const twins = createTwins()
const detector = createCanaryDetector(twins.canaries)
const { label, value } = createCanary({ seed: 1, owner: 'northstar-design', store: 'memory' })
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('createCanary', () => {
  test('should make the canary of the twins from what it is unique to', () => {
    expect(twins.tenants[1]?.canaries.memory).toEqual({ label, value })
    expect(label).toBe('northstar-design/memory')
  })

  test('should tell owners and stores apart, however alike they are', () => {
    const sources = [
      'acme',
      'ACME',
      'acme ',
      'a:b',
      'caf\u00e9',
      'cafe\u0301',
      ['a', 'b'],
      'a/b',
      ['a', 'b/c'],
      ['a/b', 'c'],
    ]
    const made = sources.flatMap((owner) =>
      ['memory', 'Memory'].map((store) => createCanary({ seed: 7, owner, store })),
    )
    expect(new Set(made.map((canary) => canary.value)).size).toBe(made.length)
    expect(new Set(made.map((canary) => canary.label)).size).toBe(made.length)
  })

  test.each(['', '\ud800'])('should refuse the owner %j', (owner) => {
    expect(() => createCanary({ seed: 1, owner, store: 'memory' })).toThrow(TypeError)
  })
})

describe('a finding', () => {
  test.each([
    ['the value itself', `Say ${value}!`, { at: '$', offset: 4, rendering: ['exact'], extent: 'whole' }],
    ['a member', { items: [{}, { title: value }] }, { at: '$.items[1].title', offset: 0, rendering: ['exact'] }],
    ['capitals', value.toUpperCase(), { rendering: ['case'] }],
    ['blanks', Array.from(value).join(' '), { rendering: ['separators'] }],
    ['zero width', Array.from(value).join('\u200b'), { rendering: ['invisible'] }],
    ['accents', Array.from(value).join('\u0301'), { rendering: ['accents'] }],
    ['look-alikes', value.replaceAll('x', 'х'), { rendering: ['look-alike-letters'] }],
    ['backwards', Array.from(value).toReversed().join(''), { rendering: ['reversed'] }],
    ['base64', `id=${base64(value)}`, { offset: 3, rendering: ['base64'] }],
    ['base64 twice', base64(base64(value)), { rendering: ['base64', 'base64'] }],
    ['hex', Buffer.from(value).toString('hex'), { offset: 0, rendering: ['hex'] }],
    ['gzip', gzipSync(value).toString('base64'), { rendering: ['base64', 'compressed'] }],
    ['a name', { [value]: 1 }, { at: '${0}', rendering: ['keys'] }],
    ['two fields', [value.slice(0, 12), { b: value.slice(12) }], { rendering: ['exact'], extent: 'part' }],
    ['four fields', value.match(/.{6}/g), { at: '$[0]', rendering: ['split'], extent: 'whole' }],
    [
      'pieces',
      [6, 18, 0, 12].map((at) => value.slice(at, at + 6)).join(' and then '),
      { rendering: ['pieces'], extent: 'part' },
    ],
    ['a half', value.slice(3, 16), { rendering: ['exact'], extent: 'part' }],
    ['bytes', Buffer.from(`\u0000\u0001${value}`), { at: '$', offset: 2, rendering: ['exact'] }],
  ])('should say where it was, how it was rendered and whose it is: %s', (_name, given, expected) => {
    const { clean, findings } = detector.scan(given)
    expect(clean).toBe(false)
    expect(findings).toContainEqual(expect.objectContaining({ canary: label, ...expected }))
  })

  test('should hold no part of a secret, wherever that stood', () => {
    const hiding = {
      [value]: { [base64(value)]: [value, Array.from(value)] },
      [value.slice(0, 8)]: { [value.slice(8)]: value },
    }
    const report = JSON.stringify(detector.scan(hiding))
    expect(report).toContain(label)
    for (const part of [base64(value), ...Array.from({ length: 20 }, (_none, at) => value.slice(at, at + 5))])
      expect(report).not.toContain(part)
  })

  test('should be there for each of several secrets in one text', () => {
    const text = twins.canaries.map((canary) => canary.value).join(' ')
    const found = new Set(detector.scan(text).findings.map(({ canary }) => canary))
    expect(found.size).toBe(twins.canaries.length)
  })
})

describe('a stream', () => {
  const text = `First some words, then ${base64(`${value} `)} and the last ones.`

  test('should be read as one text, wherever its chunks were split', () => {
    for (let at = 0; at <= text.length; at++) {
      const watch = detector.watch()
      watch.write(text.slice(0, at))
      watch.write(text.slice(at))
      expect(watch.end().findings).toEqual(detector.scan(text).findings)
    }
  })

  test('should be read when it is split inside a character', () => {
    const wide = Array.from(value, (letter) => String.fromCodePoint(0x1d41a + letter.charCodeAt(0) - 97)).join('')
    const chunks = fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(chunks, fc.boolean(), (sizes, asBytes) => {
        const whole = asBytes ? Buffer.from(wide) : wide
        const watch = detector.watch()
        let from = 0
        for (const size of sizes) {
          watch.write(whole.slice(from, from + size))
          from += size
        }
        watch.write(whole.slice(from))
        expect(watch.end().findings.map(({ canary }) => canary)).toContain(label)
      }),
      { seed: 4, numRuns: 60 },
    )
  })

  test('should keep nothing of a chunk that its writer uses again', () => {
    const watch = detector.watch()
    const buffer = Buffer.from(value)
    watch.write(buffer)
    buffer.fill(32)
    expect(watch.end().findings).toHaveLength(1)
  })
})

describe('a scan that cannot look at everything', () => {
  test.each<readonly [string, () => unknown, RegExp]>([
    ['100 MB', () => `${'The invoice is due. '.repeat(5_000_000)}${value}`, /longer than/],
    [
      'a code in itself twelve times',
      () => Array.from({ length: 12 }).reduce<string>((code) => base64(code), value),
      /deep/,
    ],
    ['a bomb', () => gzipSync(Buffer.alloc(50_000_000)), /compressed part is larger/],
    ['a bomb in base64', () => gzipSync(Buffer.alloc(50_000_000)).toString('base64'), /compressed part is larger/],
    ['a promise', () => ({ answer: Promise.resolve(value) }), /Promise/],
    ['a stream', () => new ReadableStream(), /ReadableStream/],
    [
      'a member that throws',
      () => ({
        get secret() {
          throw new Error('no')
        },
      }),
      /throws/,
    ],
    [
      'a proxy that throws',
      () =>
        new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error('no')
            },
          },
        ),
      /cannot be listed|throws/,
    ],
  ])(
    'should say so and never be clean: %s',
    (_name, make, reason) => {
      const { clean, gaveUp } = detector.scan(make())
      expect(clean).toBe(false)
      expect(gaveUp.join()).toMatch(reason)
    },
    120_000,
  )

  test.each([
    ['characters', { characters: 1000 }, 'word '.repeat(1000)],
    ['members', { members: 10 }, Array.from({ length: 20 }, () => 'word')],
    ['findings', { findings: 1 }, [value, value.toUpperCase()]],
  ])('should stop at the limit of %s', (_name, limits, given) => {
    const { clean, gaveUp } = createCanaryDetector(twins.canaries, limits).scan(given)
    expect([clean, gaveUp.length]).toEqual([false, 1])
  })

  test('should stop a stream at the limit', () => {
    const watch = createCanaryDetector(twins.canaries, { characters: 100 }).watch()
    for (let at = 0; at < 1000; at++) watch.write('word ')
    expect(watch.end()).toMatchObject({ clean: false, gaveUp: [expect.stringMatching(/longer than 100/)] })
  })

  test.each<readonly [string, () => unknown]>([
    ['lists in lists', () => Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], value)],
    [
      'a cycle',
      () => {
        const cycle: Record<string, unknown> = { value }
        cycle.self = cycle
        return cycle
      },
    ],
    ['no prototype', () => Object.assign(Object.create(null), { value })],
    ['lone surrogates', () => `\ud800${value}\udfff`],
    [
      'an accessor',
      () => ({
        get text() {
          return value
        },
      }),
    ],
  ])('should look into %s', (_name, make) => {
    expect(detector.scan(make()).findings.map(({ canary }) => canary)).toContain(label)
  })

  test.each([
    '(',
    '<',
    '<!--',
    '[',
    '{"',
    '\\',
    '%',
    '&',
    '=',
    ' ',
    '\t ',
    '\n',
    '. ',
    '-',
    '01',
    'a',
    'A B ',
    '\u200b',
    'dit ',
    '='.repeat(3),
  ])(
    'should end in time on a hostile row of %j',
    (sign) => {
      const begin = performance.now()
      const { findings } = detector.scan(sign.repeat(100_000 / sign.length))
      expect(findings).toEqual([])
      expect(performance.now() - begin).toBeLessThan(20_000)
    },
    60_000,
  )
})

describe('a secret of your own', () => {
  const secrets = [
    { label: 'phrase', value: 'amber lantern at noon' },
    { label: 'key', value: 'sk-live-93fA71c0Bd22e' },
    { label: 'card', value: '4929 7711 0382 6650' },
  ]
  const own = createCanaryDetector(secrets)
  const shift = (text: string, by: number) =>
    text.replaceAll(/[a-z]/gi, (letter) => {
      const base = letter < 'a' ? 65 : 97
      return String.fromCharCode(base + ((letter.charCodeAt(0) - base + by) % 26))
    })
  const ways: Readonly<Record<string, (text: string) => unknown>> = {
    exact: (text) => `it is ${text}.`,
    case: (text) => text.toUpperCase(),
    spacing: (text) => Array.from(text).join(' '),
    reversed: (text) => Array.from(text).toReversed().join(''),
    base64: (text) => base64(text),
    'base64 in a sentence': (text) => base64(`note: ${text}`),
    hex: (text) => Buffer.from(text).toString('hex'),
    rot13: (text) => shift(text, 13),
    'url, whole': (text) => Array.from(text, (letter) => `%${letter.charCodeAt(0).toString(16)}`).join(''),
    html: (text) => Array.from(text, (letter) => `&#${letter.charCodeAt(0)};`).join(''),
    escapes: (text) => Array.from(text, (letter) => String.raw`\u00${letter.charCodeAt(0).toString(16)}`).join(''),
    'character codes': (text) => Array.from(text, (letter) => letter.charCodeAt(0)),
    gzip: (text) => gzipSync(text).toString('base64'),
    split: (text) => text.match(/.{1,5}/g),
    'full width': (text) =>
      Array.from(text, (letter) => (letter > ' ' ? String.fromCharCode(letter.charCodeAt(0) + 0xfee0) : letter)).join(
        '',
      ),
    leet: (text) => text.replaceAll('a', '4').replaceAll('e', '3').replaceAll('o', '0'),
  }

  test.each(Object.entries(ways))('should be found in the usual renderings: %s', (_name, render) => {
    const missed = secrets.filter(
      (secret) => !own.scan(render(secret.value)).findings.some(({ canary }) => canary === secret.label),
    )
    expect(missed).toEqual([])
  })

  test.each([
    ['none', []],
    ['a short one', [{ label: 'a', value: 'secret' }]],
    ['one of few characters', [{ label: 'a', value: 'ababababababab' }]],
    [
      'two of one label',
      [
        { label: 'a', value },
        { label: 'a', value: 'another secret' },
      ],
    ],
    [
      'two of one value',
      [
        { label: 'a', value },
        { label: 'b', value },
      ],
    ],
  ])('should be refused where it would find nothing or the wrong one: %s', (_name, canaries) => {
    expect(() => createCanaryDetector(canaries)).toThrow(TypeError)
  })
})

const vocabulary =
  'the of and a to in is was he for it with as his on be at by had not are but from or have an they which one you were all her she there would their we him been has when who will no more if out so up said what its about than into them can only other time new some could these two may first then do any like my now over such our man me even most made after also did many off before must well back through years much where your way down should because long each just state those people too mister how little good make world still see own work men day get here between both life being under three never know same last another while us might great go come since against right came take used himself few house use place without again during around however small found thought went say part once general high upon school every quickly zone quiz jazz vex quartz oxygen exact extra equal request quick quote queue jacket project subject object joke judge juice jump join kick knock know knife keep king kitchen karma value view visit voice vote very vivid axis box tax fix mix six next text zero zeal prize size frozen puzzle'

describe('a text without a canary', () => {
  // The other twin's secrets are looked for; the texts hold secrets of their own.
  const foreign = createCanaryDetector(twins.canaries.filter((canary) => canary.label.startsWith('northstar-design/')))
  const random = createRandom('no alarm')
  const words = vocabulary.split(' ')
  const sentence = () => Array.from({ length: 6 + random.below(14) }, () => words[random.below(words.length)]).join(' ')
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => random.below(256)))
  const uuid = () =>
    bytes(16)
      .toString('hex')
      .replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')

  const makers: Readonly<Record<string, readonly [count: number, make: () => unknown]>> = {
    'English sentences': [2500, () => `${sentence()}. ${sentence()}.`],
    'JSON values': [
      500,
      () => ({
        id: uuid(),
        title: sentence(),
        tags: [words[random.below(words.length)], 'open'],
        amount: random.below(100_000),
      }),
    ],
    'JSON texts': [1000, () => JSON.stringify({ id: random.next(), body: sentence(), at: '2026-03-01T10:00:00Z' })],
    base64: [1000, () => bytes(20 + random.below(200)).toString('base64')],
    'words and hashes': [500, () => `${sentence()} ${bytes(32).toString('hex')}`],
    uuids: [1000, () => Array.from({ length: 1 + random.below(6) }, uuid).join(' ')],
    bytes: [300, () => bytes(random.below(500))],
    numbers: [500, () => Array.from({ length: 40 }, () => random.below(1000)).join(', ')],
    'the rare letters': [
      500,
      () => Array.from({ length: 60 }, () => 'jkqvxz'.charAt(random.below(6))).join(random.pick(['', ' ', 'a'])),
    ],
    addresses: [
      500,
      () => `https://example.com/${words[random.below(words.length)]}/${uuid()}?q=${encodeURIComponent(sentence())}`,
    ],
  }

  test.each(Object.entries(makers))(
    'should raise no alarm: %s',
    (_name, [count, make]) => {
      for (let at = 0; at < count; at++) expect(foreign.scan(make())).toMatchObject({ clean: true, findings: [] })
    },
    240_000,
  )

  test('should raise no alarm on the texts of the twin, of many seeds', () => {
    let count = 0
    for (let seed = 1; count < 3000; seed++) {
      const [tenant] = createTwins({ seed, tenants: 1, stores: ['memory', 'documents', 'tickets'] }).tenants
      for (const { tickets, documents, users } of tenant?.workspaces ?? [])
        for (const text of [...tickets, ...documents, ...users.flatMap(({ memories }) => memories)]) {
          count++
          expect(foreign.scan(text)).toMatchObject({ clean: true, findings: [] })
        }
    }
    expect(count + Object.values(makers).reduce((sum, [each]) => sum + each, 0)).toBeGreaterThanOrEqual(10_000)
  }, 240_000)
})

// Of base64 a fifth are letters of which our secrets are made: with many of them around, a stretch has most of some secret
// by chance.
test('should raise no alarm over base64 of words that hold no secret', () => {
  const others = createTwins({ seed: 'fa', tenants: 4 })
  const [tenant] = others.tenants
  const foreign = createCanaryDetector(others.foreignTo({ tenantId: tenant?.id ?? '' }))
  const words =
    'QuIGNvdWxkIHJvbGUsIGZvciBpZHMsICoqVGhlIHByb2Nlc3MuIGlzIE5ldmVyIFdpdGhvdXQgVGhlIHRoZSBndWFyZGVkIHByb2Nlc3MgdG9rZW4gcnVucyB2ZXJzaW9uIHdvcmtzcGFjZTogVGhlIHVudGlsIHNlZXMgd29ya3NwYWNlIGtub3duIHBvb2x'
  expect(foreign.scan(words)).toMatchObject({ clean: true })
})

describe('a value that is not plain', () => {
  const thenable = {}
  Reflect.set(thenable, 'then', (done: (text: string) => void) => done(value))

  class Row {
    readonly id = 1
    readonly text: string
    constructor(text: string) {
      this.text = text
    }
    tell(): string {
      return this.text
    }
  }

  test.each<[string, unknown]>([
    ['an instance of a class', new Row(value)],
    ['what an object inherits', Object.create({ secret: value })],
    ['what its class has for all', Object.create(Object.assign(Object.create(Row.prototype), { secret: value }))],
    ['a member of a list beside its items', Object.assign([1], { meta: value })],
    ['a member of a date', Object.assign(new Date(0), { meta: value })],
    ['a member of a pattern', Object.assign(/x/, { meta: value })],
    ['a member of bytes', Object.assign(new Uint8Array(4), { meta: value })],
    ['what a pattern matched', /x/.exec(`x${value}`)],
    ['an item of a list with holes', Object.assign([], { 4_000_000_000: value })],
  ])('should be looked into: %s', (_what, given) => {
    const { findings, gaveUp } = detector.scan({ given })
    expect(findings.map(({ canary }) => canary)).toContain(label)
    expect(gaveUp).toEqual([])
  })

  test('should tell what a getter throws', () => {
    const given = {
      get text(): string {
        throw new Error(`no row ${value}`)
      },
    }
    const { findings, gaveUp } = detector.scan({ given })
    expect(findings.map(({ canary }) => canary)).toContain(label)
    expect(gaveUp).toHaveLength(1)
  })

  test.each<[string, () => unknown]>([
    ['an iterator', () => new Set([value]).values()],
    ['a generator', () => [value].values().map((each) => each)],
    ['what can be iterated', () => ({ [Symbol.iterator]: () => [value].values() })],
    ['what is iterated by hand', () => Object.create({ next: () => ({ value }) })],
    ['a thenable', () => Object.create(thenable)],
    ['a function', () => () => value],
    ['a method of its own', () => ({ text: () => value })],
    ['a weak reference', () => new WeakRef([value])],
    ['a class above many', () => Array.from({ length: 12 }).reduce((kind: object) => Object.create(kind), { value })],
  ])('should not be clean where it is not read: %s', (_what, make) => {
    for (const given of [make(), { deep: [make()] }]) {
      const { clean, gaveUp } = detector.scan(given)
      expect(clean).toBe(false)
      expect(gaveUp).not.toEqual([])
    }
  })

  test('should be clean where a class has methods alone', () => {
    expect(
      detector.scan([new Row('nothing'), new Map([[1, new Row('much')]]), new Error('no'), new Date(0)]),
    ).toMatchObject({ clean: true, gaveUp: [] })
  })
})
