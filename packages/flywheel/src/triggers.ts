import { quote } from '@groundtrace/core'
import { listOf, nameOf, numberIn, optionsOf, refusal, shareInterval, wholeFrom } from './argument.ts'
import { lineageLine, type LineageLineOf } from './lineage-line.ts'

/** What asks for a new version. Every trigger but `volume` waits for `minimumNewExamples`, so that an alarm never retrains on nothing. */
export type Trigger =
  /** Enough to learn from since the last training. */
  | { readonly kind: 'volume'; readonly newExamples: number }
  /** What comes in, or what the model says of it, is not what it was. `minimumUnits`: below it the signal is blind, default 1. */
  | { readonly kind: 'drift'; readonly minimumNewExamples: number; readonly minimumUnits?: number }
  /**
   * The model is measurably worse than it was (interval wholly below the reference's), or than `floor`, a share.
   * `minimumUnits`: below it the signal is blind, default 1.
   */
  | {
      readonly kind: 'quality'
      readonly minimumNewExamples: number
      readonly minimumUnits?: number
      readonly floor?: number
    }

/** One comparison of a distribution with its reference. */
export interface DriftSignal {
  /** Which distribution: `scores`, `words`. */
  readonly name: string
  /** Population stability index; absent when it could not be computed. */
  readonly psi?: number
  /** What chance alone reaches, as `psiAlertThreshold` says; absent when it could not be computed. */
  readonly threshold?: number
  /** Units in the current window. */
  readonly units: number
}

/** A quality figure of the version that serves, on predictions that have passed their horizon. */
export interface QualitySignal {
  /** Which figure: `accuracy`, `balancedAccuracy`. */
  readonly name: string
  /** 95 % interval, or what the caller trusts; absent when it is not defined. */
  readonly interval?: readonly [low: number, high: number] | undefined
  /** Interval of the same figure when the version went live. */
  readonly reference?: readonly [low: number, high: number] | undefined
  /** Units it rests on; effective sample size where they are weighted. */
  readonly units: number
}

/** What triggers look at. */
export interface Situation {
  /** Examples that the version that serves was not trained on. */
  readonly newExamples: number
  readonly drift?: readonly DriftSignal[]
  readonly quality?: readonly QualitySignal[]
}

/**
 * What one trigger says. `fired`: a new version is asked for. `held`: it would, but there is too little new to learn
 * from. `quiet`: nothing. `blind`: there is too little evidence to say.
 */
export interface TriggerReading {
  readonly trigger: Trigger['kind']
  readonly state: 'fired' | 'held' | 'quiet' | 'blind'
  /** With the figures. */
  readonly reason: string
}

type Signal = readonly [state: 'alarm' | 'quiet' | 'blind', reason: string]

const figure = (value: number): string => value.toFixed(3)

/** What every kind of trigger reads. */
const SIGNALS: {
  readonly [K in Trigger['kind']]: (trigger: Trigger & { kind: K }, situation: Situation) => readonly Signal[]
} = {
  volume: ({ newExamples: wanted }, { newExamples }) => [
    [
      newExamples >= wanted ? 'alarm' : 'quiet',
      `${newExamples} new examples since the last training, of ${wanted} that ask for one`,
    ],
  ],
  drift: ({ minimumUnits = 1 }, { drift = [] }) => drift.map((signal) => driftSignal(signal, minimumUnits)),
  quality: ({ minimumUnits = 1, floor }, { quality = [] }) =>
    quality.map((signal) => qualitySignal(signal, minimumUnits, floor)),
}

function driftSignal({ name, psi, threshold, units }: DriftSignal, minimum: number): Signal {
  if (psi === undefined || threshold === undefined) return ['blind', `PSI of ${name} is not known`]
  if (units < minimum) return ['blind', `PSI of ${name} rests on ${units} units; at least ${minimum} needed`]
  const said = `PSI of ${name} is ${figure(psi)} over ${units} units, and chance reaches ${figure(threshold)}`
  return [psi > threshold ? 'alarm' : 'quiet', said]
}

function qualitySignal(signal: QualitySignal, minimum: number, floor: number | undefined): Signal {
  const { name, interval, reference, units } = signal
  if (interval === undefined) return ['blind', `${name} is not known`]
  if (units < minimum)
    return ['blind', `${name} rests on ${Number(units.toFixed(1))} units; at least ${minimum} needed`]
  const [, high] = interval
  if (floor !== undefined && high < floor)
    return ['alarm', `${name} is at most ${figure(high)}, below its floor of ${figure(floor)}`]
  if (reference === undefined)
    return floor === undefined ? ['blind', `${name} has neither reference nor floor`] : ['quiet', atMost(name, high)]
  if (high < reference[0])
    return ['alarm', `${name} is at most ${figure(high)}, and was at least ${figure(reference[0])}`]
  return ['quiet', atMost(name, high)]
}

const atMost = (name: string, high: number): string => `${name} may still be ${figure(high)}: no proof of a loss`

/**
 * Reads every trigger against a situation. One reading a trigger, in their order: the strongest of its signals, alarms
 * before quiet before blind, with the reasons of all signals that say so. Pure.
 * @throws GroundtraceError `invalid-argument`
 */
export function evaluateTriggers(triggers: Iterable<Trigger>, situation: Situation): readonly TriggerReading[] {
  checkSituation(situation)
  return listOf(triggers, 'triggers').map((trigger) => {
    checkTrigger(trigger)
    const signals = (SIGNALS[trigger.kind] as (t: Trigger, s: Situation) => readonly Signal[])(trigger, situation)
    const state = (['alarm', 'quiet', 'blind'] as const).find((name) => signals.some(([said]) => said === name))
    if (state === undefined) {
      return { trigger: trigger.kind, state: 'blind', reason: `Nothing was measured that ${trigger.kind} looks at` }
    }
    const reason = signals.flatMap(([said, why]) => (said === state ? [why] : [])).join('; ')
    if (state !== 'alarm') return { trigger: trigger.kind, state, reason }
    const wanted = trigger.kind === 'volume' ? trigger.newExamples : trigger.minimumNewExamples
    if (situation.newExamples >= wanted) return { trigger: trigger.kind, state: 'fired', reason }
    return {
      trigger: trigger.kind,
      state: 'held',
      reason: `${reason}; but only ${situation.newExamples} new examples, and at least ${wanted} needed`,
    }
  })
}

/**
 * The line that says a new version was asked for, and why.
 * @param time milliseconds since 1970
 * @throws GroundtraceError `invalid-lineage` for a model that is no bounded word, `invalid-argument` for a reading that
 *   did not fire
 */
export function retrainingLine(
  model: string,
  { trigger, state, reason }: TriggerReading,
  time: number,
): LineageLineOf<'retraining-asked'> {
  if (state !== 'fired') throw refusal(`Trigger ${trigger} is ${state}`, 'Ask for a new version when a trigger fired')
  return lineageLine({ kind: 'retraining-asked', model, trigger, reason }, time)
}

function checkTrigger(trigger: Trigger): void {
  const { kind } = optionsOf(trigger, 'Trigger')
  if (!Object.hasOwn(SIGNALS, kind)) {
    throw refusal(`Trigger ${quote(kind)} is unknown`, `Use one of ${Object.keys(SIGNALS).join(', ')}`)
  }
  if (trigger.kind === 'volume') wholeFrom(1, trigger.newExamples, 'newExamples of the trigger')
  else {
    wholeFrom(1, trigger.minimumNewExamples, 'minimumNewExamples')
    wholeFrom(1, trigger.minimumUnits ?? 1, 'minimumUnits')
    if (trigger.kind === 'quality') numberIn([0, 1], trigger.floor ?? 0, 'floor')
  }
}

const UNBOUNDED = [0, Number.MAX_VALUE] as const

function checkSituation(situation: Situation): void {
  wholeFrom(0, optionsOf(situation, 'Situation').newExamples, 'newExamples')
  for (const { name, psi, threshold, units } of listOf(situation.drift ?? [], 'drift')) {
    nameOf(name, 'name of a drift signal')
    numberIn(UNBOUNDED, psi ?? 0, `psi of ${name}`)
    numberIn(UNBOUNDED, threshold ?? 0, `threshold of ${name}`)
    numberIn(UNBOUNDED, units, `units of ${name}`)
  }
  for (const { name, interval, reference, units } of listOf(situation.quality ?? [], 'quality')) {
    nameOf(name, 'name of a quality signal')
    if (interval !== undefined) shareInterval(interval, `interval of ${name}`)
    if (reference !== undefined) shareInterval(reference, `reference of ${name}`)
    numberIn(UNBOUNDED, units, `units of ${name}`)
  }
}
