import type { ScenarioName } from './ours/scenarios.ts'

/** What answers an incident in Watertight: a surface, with the scenario that is run on it, or one that does not exist yet. */
export type Answer =
  | {
      readonly surface: 'memory' | 'retrieval' | 'tools' | 'store' | 'audit' | 'identity'
      readonly scenario: ScenarioName
    }
  | {
      readonly pending: 'jobs' | 'cache' | 'sandbox' | 'browser' | 'MCP' | 'credentials' | 'streams' | 'resume'
    }

export const answers: ReadonlyMap<number, Answer> = new Map<number, Answer>([
  [1, { surface: 'memory', scenario: 'memory' }],
  [2, { surface: 'memory', scenario: 'memory' }],
  [3, { surface: 'memory', scenario: 'memory' }],
  [4, { surface: 'memory', scenario: 'memory' }],
  [5, { surface: 'tools', scenario: 'tickets' }],
  [6, { surface: 'retrieval', scenario: 'search' }],
  [7, { surface: 'retrieval', scenario: 'search' }],
  [8, { surface: 'retrieval', scenario: 'search' }],
  [9, { surface: 'retrieval', scenario: 'search' }],
  [10, { surface: 'retrieval', scenario: 'search' }],
  [11, { surface: 'tools', scenario: 'tickets' }],
  [12, { surface: 'tools', scenario: 'tickets' }],
  [13, { surface: 'tools', scenario: 'tickets' }],
  [14, { surface: 'tools', scenario: 'tickets' }],
  [15, { pending: 'streams' }],
  [16, { surface: 'tools', scenario: 'tickets' }],
  [17, { pending: 'MCP' }],
  [18, { surface: 'tools', scenario: 'service' }],
  [19, { pending: 'credentials' }],
  [20, { surface: 'tools', scenario: 'connector' }],
  [21, { pending: 'credentials' }],
  [22, { pending: 'cache' }],
  [23, { surface: 'store', scenario: 'connection' }],
  [24, { surface: 'audit', scenario: 'explain' }],
  [25, { pending: 'jobs' }],
  [26, { pending: 'jobs' }],
  [27, { pending: 'resume' }],
  [28, { surface: 'tools', scenario: 'approvals' }],
  [29, { pending: 'sandbox' }],
  [30, { surface: 'memory', scenario: 'memory' }],
  [31, { pending: 'browser' }],
  [32, { surface: 'memory', scenario: 'blocks' }],
  [33, { surface: 'store', scenario: 'connection' }],
  [34, { surface: 'store', scenario: 'tickets' }],
  [35, { surface: 'store', scenario: 'login' }],
  [36, { surface: 'identity', scenario: 'sign-in' }],
  [37, { surface: 'tools', scenario: 'tickets' }],
  [38, { surface: 'memory', scenario: 'memory' }],
])
