import type { GroundtraceError } from './errors.ts'
import { expectedValue } from './expected-value.ts'
import { isFeature } from './feature.ts'
import { isKey, isName, MAX_KEY_LENGTH } from './key.ts'
import { isRecord, isRecordOf, onlyFields } from './plain.ts'
import { expectPlausibleTime } from './prediction-time.ts'
import { invalidPrediction, type Prediction } from './prediction.ts'
import { isPropensity } from './probability.ts'
import { quote } from './quote.ts'
import { isTask } from './task.ts'
import { isTime } from './time.ts'
import { callOf, isTrackingId } from './tracking-id.ts'
import { isValueOfKind } from './value.ts'

type Holds = (p: Prediction) => boolean

const isAbsentOrKey = (value: unknown): boolean => value === undefined || isKey(value)

/** No prediction is inside of itself, nor of another row of its own call. */
const isAbsentOrOther = ({ id }: Prediction, around: unknown): boolean =>
  around === undefined || (isTrackingId(around) && callOf(around) !== callOf(id))

/** What must hold of what was said of a prediction, where its facts hold: ID, task, time and model. */
const SAID = {
  answer: (p) => p.value !== undefined || p.error !== undefined,
  value: (p) => p.value === undefined || isValueOfKind(p.task, p.value),
  scores: (p) => p.scores === undefined || isRecordOf(p.scores, Number.isFinite, isKey),
  features: (p) => p.features === undefined || isRecordOf(p.features, isFeature),
  slices: (p) => p.slices === undefined || isRecordOf(p.slices, isKey, isKey),
  entity: (p) => isAbsentOrKey(p.entity),
  user: (p) => isAbsentOrKey(p.user),
  policy: (p) => p.policy === undefined || isRecord(p.policy),
  variant: (p) => isAbsentOrKey(p.policy?.variant),
  action: (p) => isAbsentOrKey(p.policy?.action),
  propensity: (p) => p.policy?.propensity === undefined || isPropensity(p.policy.propensity),
  explored: (p) => p.policy?.explored === undefined || typeof p.policy.explored === 'boolean',
  exploration: (p) => p.policy?.explored !== true || p.policy.propensity !== undefined,
  latencySeconds: (p) => p.latencySeconds === undefined || (Number.isFinite(p.latencySeconds) && p.latencySeconds >= 0),
  error: (p) => isAbsentOrKey(p.error),
  parent: (p) => isAbsentOrOther(p, p.parent),
  // A parent that is left out leaves no whole either.
  whole: (p) =>
    p.whole === undefined || (p.parent !== undefined && isAbsentOrOther(p, p.parent) && isAbsentOrOther(p, p.whole)),
} as const satisfies Readonly<Record<string, Holds>>

/** True where all of it holds. Spelt out, because every prediction pays for it: a walk through a table takes three times as long. */
const isFit: Holds = (p) =>
  SAID.answer(p) &&
  SAID.value(p) &&
  SAID.scores(p) &&
  SAID.features(p) &&
  SAID.slices(p) &&
  SAID.entity(p) &&
  SAID.user(p) &&
  SAID.policy(p) &&
  (p.policy === undefined ||
    (SAID.variant(p) && SAID.action(p) && SAID.propensity(p) && SAID.explored(p) && SAID.exploration(p))) &&
  SAID.latencySeconds(p) &&
  SAID.error(p) &&
  SAID.parent(p) &&
  SAID.whole(p)

type Check = readonly [
  holds: Holds,
  cause: (p: Prediction) => string,
  nextStep: string | ((p: Prediction) => string),
  /** The field to do without where it does not hold; absent where a prediction can't do without it. */
  spare?: Spare,
]

/** What a prediction can do without. */
type Spare = 'scores' | 'features' | 'slices' | 'entity' | 'user' | 'latencySeconds' | 'parent' | 'whole'

const BOUNDED = 'Use 1 to 64 letters, digits, dots, hyphens or underscores'
const KEY = `Pass a text of 1 to ${MAX_KEY_LENGTH} characters, or leave it out`

/** One check a row: what must hold of a prediction, what is wrong otherwise, and what to do. Later rows rely on earlier ones. */
const FACT_CHECKS: readonly Check[] = [
  [
    (p) => isTrackingId(p.id),
    (p) => `id ${quote(p.id)} is not a tracking ID`,
    'Pass the ID that formatTrackingId made',
  ],
  [(p) => isTask(p.task), () => 'its task is no task', 'Pass a task that defineTask made'],
  [(p) => isTime(p.time), (p) => `time ${quote(p.time)} is no time`, 'Pass milliseconds since 1970'],
  [(p) => isName(p.model?.name), (p) => `model name ${quote(p.model?.name)} is not a bounded word`, BOUNDED],
  [(p) => isName(p.model.version), (p) => `model version ${quote(p.model.version)} is not a bounded word`, BOUNDED],
]

/** Likewise, of what was said of it. */
const SAID_CHECKS: readonly Check[] = [
  [SAID.answer, () => 'neither value nor error is given', 'Say what the model answered or how it failed'],
  [
    SAID.value,
    (p) => `${quote(p.value)} is not a value of ${p.task.kind} task ${p.task.name}`,
    (p) => `Pass ${expectedValue(p.task)}`,
  ],
  [
    SAID.scores,
    () => 'scores is not a map of finite numbers by class',
    'Leave out scores that the model did not give',
    'scores',
  ],
  [
    SAID.features,
    () => 'features is not a map of texts, finite numbers, truth values or flat arrays of one of them',
    'Flatten features before they are tracked',
    'features',
  ],
  [
    SAID.slices,
    () => 'slices is not a map of short texts',
    `Name each slice and its value with 1 to ${MAX_KEY_LENGTH} characters`,
    'slices',
  ],
  [SAID.entity, () => 'entity is no text, empty or too long', KEY, 'entity'],
  [SAID.user, () => 'user is no text, empty or too long', KEY, 'user'],
  [SAID.policy, () => 'policy is not an object', 'Pass { variant, action, propensity, explored } or a part of it'],
  [SAID.variant, () => 'policy.variant is no text, empty or too long', KEY],
  [SAID.action, () => 'policy.action is no text, empty or too long', KEY],
  [
    SAID.propensity,
    (p) => `propensity ${quote(p.policy?.propensity)} is not in [1e-6, 1]`,
    'Log the probability with which this prediction was chosen',
  ],
  [
    SAID.explored,
    (p) => `policy.explored ${quote(p.policy?.explored)} is not true or false`,
    'Say whether it was chosen',
  ],
  [
    SAID.exploration,
    () => 'it was explored without a propensity',
    'Log the probability with which it was chosen: without it no estimate is honest',
  ],
  [
    SAID.latencySeconds,
    (p) => `latencySeconds ${quote(p.latencySeconds)} is not a number from 0`,
    'Measure with a monotonic clock',
    'latencySeconds',
  ],
  [SAID.error, () => 'error is no text, empty or too long', 'Pass the class of the error, not its message'],
  [
    SAID.parent,
    () => 'parent is not the tracking ID of another call',
    'Pass the ID of the prediction that this one was made inside of',
    'parent',
  ],
  [
    SAID.whole,
    () => 'whole is not the tracking ID of another call, or stands without parent',
    'Pass the ID of the outermost prediction of the same task around this one, and that of the one right around it as parent',
    'whole',
  ],
]

const CHECKS = [...FACT_CHECKS, ...SAID_CHECKS]

const FIELDS: ReadonlySet<string> = new Set([
  'id',
  'task',
  'model',
  'time',
  'value',
  'scores',
  'features',
  'slices',
  'entity',
  'user',
  'policy',
  'latencySeconds',
  'error',
  'parent',
  'whole',
])
const MODEL_FIELDS: ReadonlySet<string> = new Set(['name', 'version'])
const POLICY_FIELDS: ReadonlySet<string> = new Set(['variant', 'action', 'propensity', 'explored'])

/** The prediction without fields that a prediction does not have. */
function known(prediction: Prediction): Prediction {
  const own = onlyFields(prediction, FIELDS)
  const model = onlyFields(own.model, MODEL_FIELDS)
  const policy = own.policy === undefined ? undefined : onlyFields(own.policy, POLICY_FIELDS)
  if (model === own.model && policy === own.policy) return own
  return policy === undefined ? { ...own, model } : { ...own, model, policy }
}

function refused(prediction: Prediction, [, cause, nextStep]: Check): GroundtraceError {
  return invalidPrediction(cause(prediction), typeof nextStep === 'string' ? nextStep : nextStep(prediction))
}

/** Frozen predictions that passed. Their maps and lists are taken not to change either: a register trusts what the pipeline read. */
const passed = new WeakSet<Prediction>()

/**
 * Checks a prediction once, at the edge; behind it nothing looks at its fields again. Fields that a prediction does not have
 * are left out. A frozen prediction that passed is not looked at a second time, but for its time.
 * @param now the receiver's clock, in milliseconds since 1970: a prediction that is dated more than
 * {@link MAX_PREDICTION_AHEAD_MS} ahead of it is refused. Default: that is not looked at, for who
 * only reads or passes on. Registers pass theirs.
 * @throws GroundtraceError `invalid-prediction`
 */
export function checkedPrediction(prediction: Prediction, now?: number): Prediction {
  const checked = checkedFields(prediction)
  if (now !== undefined) expectPlausibleTime(checked, now)
  return checked
}

/** @throws GroundtraceError `invalid-prediction` */
function checkedFields(prediction: Prediction): Prediction {
  if (!isRecord(prediction))
    throw invalidPrediction(`${quote(prediction)} is no prediction`, 'Pass an object of type Prediction')
  if (passed.has(prediction)) return prediction
  const failed = CHECKS.find(([holds]) => !holds(prediction))
  if (failed !== undefined) throw refused(prediction, failed)
  const checked = known(prediction)
  if (Object.isFrozen(checked)) passed.add(checked)
  return checked
}

/**
 * The prediction without the optional fields that no ledger can keep: what a user wrote must not decide whether the
 * prediction is tracked. For whoever made the prediction: its ID, task, time and model are taken to be right, and it has no
 * field that a prediction does not have.
 * @param onDropped told of each field that is left out
 * @returns the same prediction where nothing was left out
 * @throws GroundtraceError `invalid-prediction` for what a prediction can't do without
 */
export function fitPrediction(prediction: Prediction, onDropped: (field: Spare) => void): Prediction {
  if (isFit(prediction)) return prediction
  let fit = prediction
  for (const check of SAID_CHECKS) {
    const [holds, , , spare] = check
    if (holds(fit)) continue
    if (spare === undefined) throw refused(fit, check)
    const { [spare]: _left, ...rest } = fit
    fit = rest
    onDropped(spare)
  }
  return fit
}
