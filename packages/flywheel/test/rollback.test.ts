import { describe, expect, it } from 'vitest'
import { rollbackDecision, rollbackLines, type RollbackEvidence, type RollbackOptions } from '@groundtrace/flywheel'
import { predictionsOf, unknown } from './window-made.ts'

const decide = (evidence: RollbackEvidence, options: Partial<RollbackOptions> = {}) =>
  rollbackDecision({ version: '2', replaced: '1', metric: 'accuracy', evidence, ...options })
const quality = (low: number, high: number, units = 100) => ({ interval: [low, high] as const, units })

describe('rollbackDecision on the same predictions', () => {
  // As for the gate, with signs changed: 98 predictions, 2 won, 12 lost: −.1020 (−.1837 to −.0280).
  const worse = { window: predictionsOf('ham', { won: 2, lost: 12, agreed: 84 }) }

  it('rolls back a version that is proven worse than the one it replaced', () => {
    expect(decide(worse)).toEqual({
      verdict: 'roll-back',
      version: '2',
      replaced: '1',
      reason:
        'Worse than the version it replaced: accuracy -10.2 points (95 % interval -18.4 to -2.8); they differ on 14 of 98 predictions, with truth known for 14 of the 14',
    })
  })

  it('stays while the loss is within the margin, not proven, or a gain', () => {
    expect(decide(worse, { margin: 0.028 }).verdict).toBe('roll-back')
    expect(decide(worse, { margin: 0.029 }).verdict).toBe('stay')
    expect(decide({ window: predictionsOf('ham', { lost: 3, agreed: 95 }) }).verdict).toBe('stay')
    expect(decide({ window: predictionsOf('ham', { won: 12, lost: 2, agreed: 84 }) }).verdict).toBe('stay')
  })

  it('asks for more proof the more often it looks', () => {
    // Ten looks: level .995, upper end +.0107. Two looks: level .975, upper end −.0158.
    expect(decide(worse, { looks: 10 }).verdict).toBe('stay')
    expect(decide(worse, { looks: 2 }).verdict).toBe('roll-back')
  })

  it('is blind while too few of the predictions they differ on have matured', () => {
    expect(decide({ window: [] })).toMatchObject({ verdict: 'blind', reason: 'There are no predictions to compare on' })
    const young = [...predictionsOf('ham', { lost: 4 }), ...unknown(predictionsOf('ham', { lost: 90, agreed: 400 }))]
    expect(decide({ window: young }).verdict).toBe('blind')
  })
})

describe('rollbackDecision before and since', () => {
  it('rolls back when the intervals lie apart by more than the margin', () => {
    const evidence = { before: quality(0.9, 0.95), since: quality(0.8, 0.89) }
    expect(decide(evidence)).toMatchObject({
      verdict: 'roll-back',
      reason:
        'Worse than the version it replaced: 90.0 % at least before, 89.0 % at most since, on different predictions',
    })
    expect(decide(evidence, { margin: 0.02 }).verdict).toBe('stay')
  })

  it('stays when the intervals touch', () => {
    expect(decide({ before: quality(0.9, 0.95), since: quality(0.8, 0.9) }).verdict).toBe('stay')
  })

  it('is blind when either is not known or rests on too little', () => {
    expect(decide({ before: { units: 100 }, since: quality(0.1, 0.2) }).verdict).toBe('blind')
    expect(decide({ before: quality(0.9, 1), since: quality(0.1, 0.2, 29) })).toMatchObject({
      verdict: 'blind',
      reason: 'Quality since rests on 29 units; at least 30 needed',
    })
  })
})

it.each<[string, Partial<Record<keyof RollbackOptions, unknown>>, string]>([
  ['one name for both', { replaced: '2' }, 'version that was replaced'],
  ['a version without a name', { version: undefined }, '1 to 64'],
  ['no evidence', { evidence: undefined }, 'type RollbackEvidence'],
  ['evidence without quality', { evidence: {} }, 'Quality before'],
  ['units that are no number', { evidence: { before: { units: 'many' }, since: {} } }, 'units of quality before'],
  ['an interval upside down', { evidence: { before: quality(0.9, 0.1), since: quality(0, 1) } }, 'Pass [low, high]'],
  ['a negative margin', { margin: -0.1 }, 'from 0 to 1'],
  ['no look', { looks: 0 }, 'whole number from 1'],
  ['a level of 1', { level: 1 }, 'above 0 and below 1'],
])('rollbackDecision refuses %s', (_, fields, nextStep) => {
  const options = { version: '2', replaced: '1', evidence: { window: [] }, ...fields }
  expect(() => rollbackDecision(options as never)).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(nextStep) as string }),
  )
})

describe('rollbackLines', () => {
  it('retires the version and deploys the one it replaced under its old name', () => {
    const decision = decide({ window: predictionsOf('ham', { won: 2, lost: 12, agreed: 84 }) })
    expect(rollbackLines('filter', decision, 5)).toMatchObject([
      { kind: 'version-retired', model: 'filter', version: '2', reason: decision.reason, time: 5 },
      { kind: 'version-deployed', model: 'filter', version: '1', reason: `Rollback of 2. ${decision.reason}`, time: 5 },
    ])
  })

  it('refuses a decision to stay', () => {
    const decision = decide({ window: predictionsOf('ham', { won: 12, lost: 2, agreed: 84 }) })
    expect(() => rollbackLines('filter', decision, 5)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  })
})
