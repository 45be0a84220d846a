import { describe, expectTypeOf, test } from 'vitest'

import { openWatertight, session } from '../../src/index.ts'
import type {
  AgentBoundary,
  CompartmentSurface,
  Principal,
  Run,
  RunSurface,
  Surface,
  Watertight,
} from '../../src/index.ts'
import { memory } from '../../src/surfaces/memory/index.ts'
import type { CompartmentMemory, RunMemory } from '../../src/surfaces/memory/index.ts'

declare const boundary: AgentBoundary
declare const notes: CompartmentSurface<'notes', { read(): string }, { readInRun(): string }>
declare const pulse: RunSurface<'pulse', { beat(): number }>

const base = { database: 'memory://', identity: session() } as const
const openEmpty = () => openWatertight({ ...base, surfaces: [] })
const openWithMemory = () => openWatertight({ ...base, surfaces: [memory()] })
const openWithAll = () => openWatertight({ ...base, surfaces: [memory(), notes, pulse] })

type Opened<Open extends () => Promise<unknown>> = Awaited<ReturnType<Open>>
type DeskOf<Open extends () => Promise<{ within(boundary: AgentBoundary): unknown }>> = ReturnType<
  Opened<Open>['within']
>
type RunOf<Open extends () => Promise<{ within(boundary: AgentBoundary): { startRun(...args: never[]): unknown } }>> =
  Awaited<ReturnType<DeskOf<Open>['startRun']>>

declare const empty: DeskOf<typeof openEmpty>
declare const withMemory: DeskOf<typeof openWithMemory>
declare const withAll: DeskOf<typeof openWithAll>
declare const emptyRun: RunOf<typeof openEmpty>
declare const fullRun: RunOf<typeof openWithAll>

describe('a surface that is not registered', () => {
  test('should not exist in a compartment', () => {
    expectTypeOf(empty).not.toHaveProperty('memory')
    expectTypeOf(withMemory).not.toHaveProperty('notes')
    // @ts-expect-error -- memory was not registered
    expectTypeOf(empty.memory).toBeAny()
    // @ts-expect-error -- notes was not registered
    expectTypeOf(withMemory.notes).toBeAny()
  })

  test('should not exist in a run', () => {
    expectTypeOf(emptyRun).not.toHaveProperty('memory')
    // @ts-expect-error -- memory was not registered
    expectTypeOf(emptyRun.memory).toBeAny()
  })
})

describe('a surface that is registered', () => {
  test('should exist by its name, with its own shape', () => {
    expectTypeOf(withMemory.memory).toEqualTypeOf<CompartmentMemory>()
    expectTypeOf(withAll.notes).toEqualTypeOf<{ read(): string }>()
    expectTypeOf(fullRun.memory).toEqualTypeOf<RunMemory>()
    expectTypeOf(fullRun.notes).toEqualTypeOf<{ readInRun(): string }>()
    expectTypeOf(fullRun.pulse).toEqualTypeOf<{ beat(): number }>()
  })

  test('should exist in runs alone where it is one of runs', () => {
    expectTypeOf(withAll).not.toHaveProperty('pulse')
    // @ts-expect-error -- pulse is a surface of runs
    expectTypeOf(withAll.pulse).toBeAny()
  })

  test('should have no way for the model to write memory but promote()', () => {
    expectTypeOf(fullRun.memory).not.toHaveProperty('set')
    expectTypeOf(fullRun.memory).not.toHaveProperty('delete')
  })

  test('should be no more than it is when the list is not known', () => {
    expectTypeOf<Run>().not.toHaveProperty('memory')
    expectTypeOf<Watertight<null, readonly []>['within']>().returns.not.toHaveProperty('memory')
  })

  test('should not be open to be put in or taken away', () => {
    // @ts-expect-error -- a compartment is read-only
    expectTypeOf(() => (withAll.memory = withMemory.memory)).toBeFunction()
    // @ts-expect-error -- a boundary is bound once
    expectTypeOf(() => (withAll.boundary = boundary)).toBeFunction()
  })
})

describe('a surface', () => {
  const opened = {
    bind: () => ({}),
    bindRun: () => ({}),
    sweep: async () => 0,
    async *export() {},
    erase: async () => 0,
    close: async () => {},
  }

  test('should compile when it is whole', () => {
    expectTypeOf({ name: 'x' as const, within: 'compartment' as const, open: async () => opened }).toExtend<Surface>()
    const { bind: _bind, ...run } = opened
    expectTypeOf({ name: 'x' as const, within: 'run' as const, open: async () => run }).toExtend<Surface>()
  })

  test('should not compile when it cannot export, erase, sweep, close or bind', () => {
    const { export: _export, ...withoutExport } = opened
    const { erase: _erase, ...withoutErase } = opened
    const { sweep: _sweep, ...withoutSweep } = opened
    const { close: _close, ...withoutClose } = opened
    const { bindRun: _bindRun, ...withoutBindRun } = opened
    const named = { name: 'x', within: 'compartment' } as const
    // @ts-expect-error -- it cannot export
    const one: Surface = { ...named, open: async () => withoutExport }
    // @ts-expect-error -- it cannot erase
    const two: Surface = { ...named, open: async () => withoutErase }
    // @ts-expect-error -- it cannot sweep
    const three: Surface = { ...named, open: async () => withoutSweep }
    // @ts-expect-error -- it cannot close
    const four: Surface = { ...named, open: async () => withoutClose }
    // @ts-expect-error -- it cannot be bound to a run
    const five: Surface = { ...named, open: async () => withoutBindRun }
    // @ts-expect-error -- it says nowhere where it lives
    const six: Surface = { name: 'x', open: async () => opened }
    expectTypeOf([one, two, three, four, five, six]).toExtend<readonly Surface[]>()
  })

  test('should not be registered when it is not whole', () => {
    const { erase: _erase, ...withoutErase } = opened
    const partial = { name: 'x', within: 'compartment', open: async () => withoutErase } as const
    // @ts-expect-error -- it cannot erase
    expectTypeOf(() => openWatertight({ ...base, surfaces: [partial] })).toBeFunction()
  })
})

test('a principal is no boundary, nor the other way round', () => {
  expectTypeOf<Principal>().not.toExtend<AgentBoundary>()
  expectTypeOf<AgentBoundary>().not.toExtend<Principal>()
})
