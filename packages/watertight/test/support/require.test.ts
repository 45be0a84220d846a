import { expect, inject, test } from 'vitest'

import { parseRequired } from './find-services.ts'
import { services } from './require.ts'

test('should take every service for optional when none is named', () => {
  expect(parseRequired('')).toEqual([])
})

test('should read a list with blanks', () => {
  expect(parseRequired(' postgres, redis,')).toEqual(['postgres', 'redis'])
})

test('should refuse a misspelt service rather than require nothing', () => {
  expect(() => parseRequired('postgre')).toThrow(TypeError)
})

test('should reach every service that WATERTIGHT_REQUIRE names, even one that no test asks for', () => {
  const missing = inject('requiredServices').filter((name) => !services()[name].reachable)
  expect(missing).toEqual([])
})
