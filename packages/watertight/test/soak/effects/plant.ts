import type { Store } from '../../../src/store/index.ts'
import type { Fault } from './protocol.ts'

type Call = Store['call']

/** A store whose ledger of effects has a defect. */
export function plant(store: Store, fault: Fault | undefined): Store {
  const defect = fault === undefined ? undefined : defects[fault]
  return defect === undefined ? store : { ...store, call: defect(store.call) }
}

const defects: Partial<Record<Fault, (call: Call) => Call>> = {
  'always-begun': (call) => async (boundary, name, values) => {
    const rows = await call(boundary, name, values)
    return name === 'effect_begin' ? [{ outcome: 'begun', value: null }] : rows
  },
  'blind-retry': (call) => async (boundary, name, values) => {
    const rows = await call(boundary, name, values)
    if (name !== 'effect_begin' || rows[0]?.['outcome'] !== 'unknown') return rows
    return [{ outcome: 'begun', value: null }]
  },
  'never-dead': (call) => (boundary, name, values) =>
    call(boundary, name, name === 'effect_begin' ? values.toSpliced(4, 1, 86_400_000) : values),
  'never-renewed': (call) => async (boundary, name, values) =>
    name === 'effect_renew' ? [] : await call(boundary, name, values),
  'answer-dropped': (call) => (boundary, name, values) =>
    call(boundary, name, name === 'effect_finish' ? values.toSpliced(4, 1, null) : values),
  unapproved: (call) => (boundary, name, values) =>
    call(boundary, name, name === 'effect_begin' ? values.toSpliced(5, 1, null) : values),
}
