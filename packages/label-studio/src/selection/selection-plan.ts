import { GroundtraceError, isName, isRecord, quote } from '@groundtrace/core'

/**
 * How a prediction comes to be picked, in the order in which they take their share.
 * - `random`: every prediction has the same, known chance. Quality is estimated from these alone.
 * - `uncertainty`: the model is least sure.
 * - `diversity`: far from all others, by features (greedy core-set).
 * - `balance`: of the class that was picked least so far, as the model says.
 * - `critical`: of clients, or other slices, that must not go wrong.
 * - `drifted`: of slices where the world has moved, as the plan or the caller says.
 */
export const STRATEGIES = ['random', 'uncertainty', 'diversity', 'balance', 'critical', 'drifted'] as const
export type Strategy = (typeof STRATEGIES)[number]

export const UNCERTAINTIES = ['least-confidence', 'margin', 'entropy'] as const
export type Uncertainty = (typeof UNCERTAINTIES)[number]

/** A group of predictions: those with this value in this slice. */
export interface Slice {
  readonly slice: string
  readonly value: string
}

/** Where picks go, and how many. */
export interface Route {
  /** Name of the project, as the plan has it. */
  readonly project: string
  /** Picks of one round, at most. */
  readonly perRound: number
  /** Picks of 24 hours, at most. A round waits until there is room. Default: no limit of its own. */
  readonly perDay?: number
}

/** What to annotate of one task's predictions. */
export interface SelectionPlan {
  /** Name of the task whose predictions are picked from. */
  readonly task: string
  /** Shares of the strategies, of any sum. `random` is above 0: without it nothing is known about quality. */
  readonly mix: Readonly<Partial<Record<Strategy, number>>> & { readonly random: number }
  /** How unsure a model is, from its scores. Default `entropy`. */
  readonly uncertainty?: Uncertainty
  /** Features that distance is measured by: numbers, truth values and lists of them. Needed for `diversity`. */
  readonly diversity?: readonly string[]
  /** Slices of which predictions are critical. Needed for `critical`. */
  readonly critical?: readonly Slice[]
  /** Slices where the world has moved, beside those that the caller names. One or the other is needed for `drifted`. */
  readonly drifted?: readonly Slice[]
  /** `true`: all predictions of this task are private; else those that hold one of these features. Default none. */
  readonly private?: true | readonly string[]
  /** Where what is not private goes. */
  readonly crowd?: Route
  /** Where what is private goes, and nothing else. */
  readonly expert?: Route
  /** A round at most so often, in seconds. Default 3,600. */
  readonly everySeconds?: number
  /** Lines of the ledger that one round looks at, at most; what is further waits for the next. Default 10,000. */
  readonly window?: number
}

export const DEFAULT_EVERY_SECONDS = 3600
export const DEFAULT_WINDOW = 10_000

function refuse(cause: string, nextStep: string): never {
  throw new GroundtraceError('invalid-argument', `Selection: ${cause}`, nextStep)
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === 'string' && text !== '')
const isSlice = (value: unknown): value is Slice =>
  isRecord(value) && typeof value['slice'] === 'string' && typeof value['value'] === 'string'

function checkMix(mix: unknown): void {
  if (!isRecord(mix)) return refuse('it has no mix', `Give weights of ${STRATEGIES.join(', ')}`)
  for (const [strategy, weight] of Object.entries(mix)) {
    if (!STRATEGIES.includes(strategy as Strategy))
      return refuse(`strategy ${quote(strategy)} is unknown`, `Use ${STRATEGIES.join(', ')}`)
    if (!Number.isFinite(weight) || (weight as number) < 0)
      return refuse(`the weight of ${strategy} is ${quote(weight)}`, 'Give a number from 0')
  }
  if (((mix['random'] as number | undefined) ?? 0) <= 0) {
    return refuse(
      'no share of it is random',
      'Give random a weight above 0: from what is picked for a reason no quality can be estimated',
    )
  }
}

function checkRoute(route: Route | undefined, name: string): void {
  if (route === undefined) return
  const { project, perRound, perDay }: Partial<Route> = route ?? {}
  if (typeof project !== 'string' || !isName(project))
    refuse(`the project of ${name} is ${quote(project)}`, 'Name it as the plan does')
  if (!isCount(perRound)) refuse(`perRound of ${name} is ${quote(perRound)}`, 'Give a whole number from 1')
  if (perDay !== undefined && !isCount(perDay))
    refuse(`perDay of ${name} is ${quote(perDay)}`, 'Give a whole number from 1, or leave it out')
}

const isSlices = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isSlice)

function checkNeeds({ mix, diversity, critical, drifted, private: hidden, crowd, expert }: SelectionPlan): void {
  if ((mix.diversity ?? 0) > 0 && !isTexts(diversity))
    refuse('diversity has no features', 'List the numeric features that distance is measured by')
  if ((mix.critical ?? 0) > 0 && !isSlices(critical)) refuse('critical has no slices', 'List them as { slice, value }')
  if (drifted !== undefined && !isSlices(drifted))
    refuse(`drifted is ${quote(drifted)}`, 'List slices as { slice, value }, or leave it out')
  if (hidden !== undefined && hidden !== true && !isTexts(hidden))
    refuse(`private is ${quote(hidden)}`, 'Give true, or a list of features')
  if (hidden !== undefined && expert === undefined)
    refuse('private predictions have nowhere to go', 'Name an expert project: no other may see them')
  if (hidden !== true && crowd === undefined)
    refuse('predictions that are not private have nowhere to go', 'Name a crowd project')
  if (hidden === true && crowd !== undefined)
    refuse('all predictions are private, but it names a crowd project', 'Leave out crowd')
}

/**
 * The plan, checked.
 * @throws GroundtraceError `invalid-argument`: a mix without a random share, an unknown strategy, a strategy without what
 * it needs, private predictions without an expert project
 */
export function checkedSelectionPlan(plan: SelectionPlan): SelectionPlan {
  const given: Partial<SelectionPlan> = plan ?? {}
  if (typeof given.task !== 'string' || !isName(given.task))
    refuse(`task is ${quote(given.task)}`, 'Name the task whose predictions are picked from')
  checkMix(given.mix)
  if (given.uncertainty !== undefined && !UNCERTAINTIES.includes(given.uncertainty))
    refuse(`uncertainty ${quote(given.uncertainty)} is unknown`, `Use ${UNCERTAINTIES.join(', ')}`)
  checkRoute(given.crowd, 'crowd')
  checkRoute(given.expert, 'expert')
  if (given.everySeconds !== undefined && !(Number.isFinite(given.everySeconds) && given.everySeconds >= 0))
    refuse(`everySeconds is ${quote(given.everySeconds)}`, 'Give seconds, from 0')
  if (given.window !== undefined && !isCount(given.window))
    refuse(`window is ${quote(given.window)}`, 'Give a whole number of lines, from 1')
  checkNeeds(plan)
  return plan
}
