import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { chunkText } from './chunk-text.ts'

const letters = (text: string) => text.replaceAll(/\s/g, '')

describe('chunkText()', () => {
  test('should never put text of two sections into one chunk', () => {
    const text =
      '# Contract\n\nIntro.\n\n## Renewal\n\nIn May.\n\n### Notice\nThirty days.\n\n## Price #\n\nMuch.\n\n# Annex\n\nEnd.'
    expect(chunkText(text, 800)).toEqual([
      { heading: 'Contract', text: 'Intro.' },
      { heading: 'Contract › Renewal', text: 'In May.' },
      { heading: 'Contract › Renewal › Notice', text: 'Thirty days.' },
      { heading: 'Contract › Price', text: 'Much.' },
      { heading: 'Annex', text: 'End.' },
    ])
  })

  test('should read as headings what is one, and nothing else', () => {
    for (const line of ['#hashtag', '####### seven', ' # indented', '#', '# ', '## ##']) {
      expect(chunkText(`${line}\n\nbody`, 800).map(({ heading }) => heading)).toEqual([''])
    }
    expect(chunkText('# C#\n\nbody', 800)).toEqual([{ heading: 'C#', text: 'body' }])
    expect(chunkText('### Deep\n\na\n\n## Less\n\nb\r\n\r\n# Top\r\n\r\nc', 800).map(({ heading }) => heading)).toEqual(
      ['Deep', 'Less', 'Top'],
    )
  })

  test('should not read headings or blank lines inside of a fence, whatever other fence stands in it', () => {
    const fenced = '```sh\n# not a heading\n~~~\n\n## nor this\n```'
    expect(chunkText(`# Title\n\n${fenced}\n\n# Next\n\nbody`, 800)).toEqual([
      { heading: 'Title', text: fenced },
      { heading: 'Next', text: 'body' },
    ])
    const long = '````\n```\n# still inside\n```\n````'
    expect(chunkText(long, 800)).toEqual([{ heading: '', text: long }])
    expect(chunkText('~~~\n# never closed\n\nend', 800)).toHaveLength(1)
  })

  test('should keep a title that is too long to stand above every chunk as text', () => {
    const title = 'word '.repeat(2_000).trim()
    const chunks = chunkText(`# ${title}\n\n${'Sentence. '.repeat(300)}`, 800)
    expect(Math.max(...chunks.map(({ heading }) => heading.length))).toBe(100)
    expect(letters(chunks.map(({ text }) => text).join(''))).toContain(letters(title))
    // Ten thousand times as much as came in is what a repeated title would make.
    const whole = chunkText(`# ${'t'.repeat(50_000)}\n${'## s\n\nx\n\n'.repeat(5_000)}`, 800)
    expect(whole.reduce((sum, { heading, text }) => sum + heading.length + text.length, 0)).toBeLessThan(1_000_000)
  })

  test('should cut at ends of sentences, then words, then anywhere but inside a pair', () => {
    expect(chunkText('One two three. Four five six. Seven eight nine.', 32).map(({ text }) => text)).toEqual([
      'One two three. Four five six.',
      'Seven eight nine.',
    ])
    expect(chunkText('alpha beta gamma delta', 12).map(({ text }) => text)).toEqual(['alpha beta', 'gamma delta'])
    const faces = '\u{1f600}'.repeat(50)
    const pieces = chunkText(`x${faces}`, 10).map(({ text }) => text)
    expect(pieces.every((piece) => piece.isWellFormed())).toBe(true)
    expect(pieces.join('')).toBe(`x${faces}`)
  })

  test('should pack short paragraphs up to the maximum', () => {
    expect(chunkText('aaaa\n\nbbbb\n\ncccc', 10).map(({ text }) => text)).toEqual(['aaaa\n\nbbbb', 'cccc'])
  })

  test('should give nothing for a text without any', () => {
    for (const text of ['', ' \n\n\t', '# Only a heading', '#'])
      expect(chunkText(text, 100).length).toBeLessThanOrEqual(text === '#' ? 1 : 0)
  })

  test('should lose no letter, keep to the maximum and stay well-formed, whatever comes', () => {
    const part = fc.constantFrom(
      '# a',
      '## b b',
      '```',
      '~~~',
      '\n',
      '\r\n',
      '\n\n',
      ' ',
      '. ',
      '? ',
      'word',
      '\u{1f600}',
      '#',
      'caf\u00e9',
      'x'.repeat(90),
    )
    const texts: fc.Arbitrary<string> = fc
      .array(fc.oneof(part, fc.string({ unit: 'binary' })), { maxLength: 80 })
      .map((parts) => parts.join('').toWellFormed())
    fc.assert(
      fc.property(texts, fc.integer({ min: 10, max: 200 }), (text, maximum) => {
        const chunks = chunkText(text, maximum)
        for (const chunk of chunks) {
          expect(chunk.text.length).toBeLessThanOrEqual(maximum)
          expect(chunk.text.isWellFormed() && chunk.heading.isWellFormed()).toBe(true)
          expect(chunk.text.trim()).not.toBe('')
        }
        const bodies = letters(chunks.map((chunk) => chunk.text).join(''))
        if (!/^#{1,6}[ \t]/m.test(text.replaceAll('\r', '\n'))) expect(bodies).toBe(letters(text))
      }),
      { numRuns: 150 },
    )
  })

  test.for([
    ['blanks in a heading', `# a${' '.repeat(500_000)}b`],
    ['blanks before a heading', `#${' '.repeat(500_000)}`],
    ['marks in a heading', `# a${'#'.repeat(500_000)}b`],
    ['marks and blanks', `# ${'# '.repeat(250_000)}b`],
    ['blanks before a fence', `${' '.repeat(500_000)}\`\``],
    ['one long word', 'x'.repeat(500_000)],
    ['nothing but line ends', '\n'.repeat(500_000)],
  ])('should not be slowed down by %s', ([, text = '']) => {
    const start = performance.now()
    chunkText(text, 800)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
