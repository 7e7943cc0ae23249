import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateTriggers, retrainingLine, type Situation, type Trigger } from '@groundtrace/flywheel'

const VOLUME: Trigger = { kind: 'volume', newExamples: 500 }
const DRIFT: Trigger = { kind: 'drift', minimumNewExamples: 100, minimumUnits: 200 }
const QUALITY: Trigger = { kind: 'quality', minimumNewExamples: 100, minimumUnits: 50, floor: 0.8 }
const read = (trigger: Trigger, situation: Situation) => evaluateTriggers([trigger], situation)[0]
const scores = { name: 'scores', psi: 0.3, threshold: 0.1, units: 400 }
const accuracy = (fields: object) => ({ newExamples: 100, quality: [{ name: 'accuracy', units: 60, ...fields }] })

describe('evaluateTriggers', () => {
  it.each<[string, Trigger, Situation, string, string]>([
    ['volume: enough', VOLUME, { newExamples: 500 }, 'fired', '500 new examples since the last training, of 500'],
    ['volume: one short', VOLUME, { newExamples: 499 }, 'quiet', '499 new examples'],
    [
      'drift: above chance',
      DRIFT,
      { newExamples: 100, drift: [scores] },
      'fired',
      'PSI of scores is 0.300 over 400 units, and chance reaches 0.100',
    ],
    ['drift: just enough units', DRIFT, { newExamples: 100, drift: [{ ...scores, units: 200 }] }, 'fired', '200 units'],
    ['drift: as much as chance', DRIFT, { newExamples: 100, drift: [{ ...scores, psi: 0.1 }] }, 'quiet', '0.100'],
    [
      'drift: nothing new to learn from',
      DRIFT,
      { newExamples: 99, drift: [scores] },
      'held',
      'but only 99 new examples, and at least 100 needed',
    ],
    [
      'drift: too few units',
      DRIFT,
      { newExamples: 100, drift: [{ ...scores, units: 199 }] },
      'blind',
      'rests on 199 units; at least 200 needed',
    ],
    [
      'drift: no threshold',
      DRIFT,
      { newExamples: 100, drift: [{ name: 'scores', psi: 0.3, units: 400 }] },
      'blind',
      'PSI of scores is not known',
    ],
    ['drift: nothing measured', DRIFT, { newExamples: 100 }, 'blind', 'Nothing was measured'],
    [
      'drift: one of two alarms',
      DRIFT,
      { newExamples: 100, drift: [{ ...scores, name: 'words', psi: 0 }, scores] },
      'fired',
      'PSI of scores',
    ],
    [
      'quality: wholly below the reference',
      QUALITY,
      accuracy({ interval: [0.8, 0.9], reference: [0.91, 0.99] }),
      'fired',
      'at most 0.900, and was at least 0.910',
    ],
    [
      'quality: touching the reference',
      QUALITY,
      accuracy({ interval: [0.8, 0.91], reference: [0.91, 0.99] }),
      'quiet',
      'no proof of a loss',
    ],
    ['quality: below its floor', QUALITY, accuracy({ interval: [0.6, 0.79] }), 'fired', 'below its floor of 0.800'],
    ['quality: perhaps below its floor', QUALITY, accuracy({ interval: [0.6, 0.8] }), 'quiet', 'no proof of a loss'],
    [
      'quality: too few units',
      QUALITY,
      accuracy({ interval: [0.1, 0.2], units: 49 }),
      'blind',
      'rests on 49 units; at least 50 needed',
    ],
    ['quality: not defined', QUALITY, accuracy({}), 'blind', 'accuracy is not known'],
    [
      'quality: nothing to compare with',
      { kind: 'quality', minimumNewExamples: 1 },
      accuracy({ interval: [0.1, 0.2] }),
      'blind',
      'neither reference nor floor',
    ],
  ])('reads %s', (_, trigger, situation, state, reason) => {
    expect(read(trigger, situation)).toEqual({
      trigger: trigger.kind,
      state,
      reason: expect.stringContaining(reason) as string,
    })
  })

  it('gives one reading a trigger, in their order', () => {
    const readings = evaluateTriggers([QUALITY, VOLUME, DRIFT], { newExamples: 600, drift: [scores] })
    expect(readings.map(({ trigger, state }) => `${trigger} ${state}`)).toEqual([
      'quality blind',
      'volume fired',
      'drift fired',
    ])
  })

  it('never fires on fewer new examples than asked for, whatever the alarm', () => {
    const signal = fc.record({
      psi: fc.double({ min: 0, max: 9, noNaN: true }),
      threshold: fc.double({ min: 0, max: 9, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: 1, max: 300 }), fc.array(signal), (newExamples, wanted, signals) => {
        const drift = signals.map((figures) => ({ name: 'scores', units: 100, ...figures }))
        const reading = read({ kind: 'drift', minimumNewExamples: wanted }, { newExamples, drift })
        const alarm = signals.some(({ psi, threshold }) => psi > threshold)
        expect(reading?.state === 'fired').toBe(alarm && newExamples >= wanted)
        expect(reading?.state === 'held').toBe(alarm && newExamples < wanted)
      }),
    )
  })

  it.each<[string, unknown, unknown, string]>([
    ['an unknown trigger', [{ kind: 'moon' }], { newExamples: 1 }, 'volume, drift, quality'],
    ['no trigger', [undefined], { newExamples: 1 }, 'type Trigger'],
    ['triggers that are no list', 7, { newExamples: 1 }, 'as an array'],
    ['a volume of 0', [{ kind: 'volume', newExamples: 0 }], { newExamples: 1 }, 'whole number from 1'],
    ['drift without a minimum', [{ kind: 'drift' }], { newExamples: 1 }, 'whole number from 1'],
    ['a floor above 1', [{ ...QUALITY, floor: 80 }], { newExamples: 1 }, 'from 0 to 1'],
    ['no situation', [VOLUME], undefined, 'type Situation'],
    ['half an example', [VOLUME], { newExamples: 0.5 }, 'whole number from 0'],
    ['a PSI that is no number', [DRIFT], { newExamples: 1, drift: [{ ...scores, psi: Number.NaN }] }, 'Pass a number'],
    ['a signal without a name', [DRIFT], { newExamples: 1, drift: [{ psi: 1, units: 1 }] }, '1 to 64'],
    ['an interval in percent', [QUALITY], accuracy({ interval: [80, 90] }), 'both from 0 to 1'],
    [
      'a reference upside down',
      [QUALITY],
      accuracy({ interval: [0.8, 0.9], reference: [0.9, 0.8] }),
      'Pass [low, high]',
    ],
  ])('refuses %s', (_, triggers, situation, nextStep) => {
    expect(() => evaluateTriggers(triggers as never, situation as never)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(nextStep) as string }),
    )
  })
})

describe('retrainingLine', () => {
  it('keeps trigger and reason, with its figures', () => {
    const [reading] = evaluateTriggers([VOLUME], { newExamples: 612 })
    expect(reading && retrainingLine('filter', reading, 5)).toMatchObject({
      kind: 'retraining-asked',
      model: 'filter',
      trigger: 'volume',
      reason: '612 new examples since the last training, of 500 that ask for one',
      time: 5,
    })
  })

  it('refuses a reading that did not fire', () => {
    const [reading] = evaluateTriggers([VOLUME], { newExamples: 1 })
    expect(() => reading && retrainingLine('filter', reading, 5)).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    )
  })
})
