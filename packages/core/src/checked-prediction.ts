import { isFeature } from './feature.ts'
import { isKey, isName, MAX_KEY_LENGTH } from './key.ts'
import { isRecord, isRecordOf, onlyFields } from './plain.ts'
import { invalidPrediction, type Prediction } from './prediction.ts'
import { isPropensity } from './probability.ts'
import { quote } from './quote.ts'
import { isTask } from './task.ts'
import { isTime } from './time.ts'
import { callOf, isTrackingId } from './tracking-id.ts'
import { isValueOfKind } from './value.ts'

type Check = readonly [
  holds: (p: Prediction) => boolean,
  cause: (p: Prediction) => string,
  nextStep: string,
  /** The field to do without where it does not hold; absent where a prediction can't do without it. */
  spare?: Spare,
]

/** What a prediction can do without. */
type Spare = 'scores' | 'features' | 'slices' | 'entity' | 'user' | 'latencySeconds' | 'parent' | 'whole'

const absentOr =
  (holds: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || holds(value)

const absentOrKey = absentOr(isKey)

/** No prediction is inside of itself, nor of another row of its own call. */
const isAbsentOrOther = ({ id }: Prediction, around: unknown): boolean =>
  around === undefined || (isTrackingId(around) && callOf(around) !== callOf(id))
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

/** Likewise, of what was said of it. They rely on the facts. */
const SAID_CHECKS: readonly Check[] = [
  [
    (p) => p.value !== undefined || p.error !== undefined,
    () => 'neither value nor error is given',
    'Say what the model answered or how it failed',
  ],
  [
    (p) => p.value === undefined || isValueOfKind(p.task, p.value),
    (p) => `${quote(p.value)} is not a value of ${p.task.kind} task ${p.task.name}`,
    'Pass one of its classes, or a value of its kind',
  ],
  [
    (p) => p.scores === undefined || isRecordOf(p.scores, Number.isFinite, isKey),
    () => 'scores is not a map of finite numbers by class',
    'Leave out scores that the model did not give',
    'scores',
  ],
  [
    (p) => p.features === undefined || isRecordOf(p.features, isFeature),
    () => 'features is not a map of texts, finite numbers, truth values or flat arrays of one of them',
    'Flatten features before they are tracked',
    'features',
  ],
  [
    (p) => p.slices === undefined || isRecordOf(p.slices, isKey, isKey),
    () => 'slices is not a map of short texts',
    `Name each slice and its value with 1 to ${MAX_KEY_LENGTH} characters`,
    'slices',
  ],
  [(p) => absentOrKey(p.entity), () => 'entity is no text, empty or too long', KEY, 'entity'],
  [(p) => absentOrKey(p.user), () => 'user is no text, empty or too long', KEY, 'user'],
  [
    (p) => p.policy === undefined || isRecord(p.policy),
    () => 'policy is not an object',
    'Pass { variant, action, propensity, explored } or a part of it',
  ],
  [(p) => absentOrKey(p.policy?.variant), () => 'policy.variant is no text, empty or too long', KEY],
  [(p) => absentOrKey(p.policy?.action), () => 'policy.action is no text, empty or too long', KEY],
  [
    (p) => absentOr(isPropensity)(p.policy?.propensity),
    (p) => `propensity ${quote(p.policy?.propensity)} is not in [1e-6, 1]`,
    'Log the probability with which this prediction was chosen',
  ],
  [
    (p) => absentOr((explored) => typeof explored === 'boolean')(p.policy?.explored),
    (p) => `policy.explored ${quote(p.policy?.explored)} is not true or false`,
    'Say whether it was chosen',
  ],
  [
    (p) => p.policy?.explored !== true || p.policy.propensity !== undefined,
    () => 'it was explored without a propensity',
    'Log the probability with which it was chosen: without it no estimate is honest',
  ],
  [
    (p) => p.latencySeconds === undefined || (Number.isFinite(p.latencySeconds) && p.latencySeconds >= 0),
    (p) => `latencySeconds ${quote(p.latencySeconds)} is not a number from 0`,
    'Measure with a monotonic clock',
    'latencySeconds',
  ],
  [
    (p) => absentOrKey(p.error),
    () => 'error is no text, empty or too long',
    'Pass the class of the error, not its message',
  ],
  [
    (p) => isAbsentOrOther(p, p.parent),
    () => 'parent is not the tracking ID of another call',
    'Pass the ID of the prediction that this one was made inside of',
    'parent',
  ],
  [
    // A parent that is left out leaves no whole either.
    (p) =>
      p.whole === undefined || (p.parent !== undefined && isAbsentOrOther(p, p.parent) && isAbsentOrOther(p, p.whole)),
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

/** Frozen predictions that passed. Their maps and lists are taken not to change either: a register trusts what the pipeline read. */
const passed = new WeakSet<Prediction>()

/**
 * Checks a prediction once, at the edge; behind it nothing looks at its fields again. Fields that a prediction does not have
 * are left out. A frozen prediction that passed is not looked at a second time.
 * @throws GroundtraceError `invalid-prediction`
 */
export function checkedPrediction(prediction: Prediction): Prediction {
  if (!isRecord(prediction))
    throw invalidPrediction(`${quote(prediction)} is no prediction`, 'Pass an object of type Prediction')
  if (passed.has(prediction)) return prediction
  const failed = CHECKS.find(([holds]) => !holds(prediction))
  if (failed !== undefined) throw invalidPrediction(failed[1](prediction), failed[2])
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
  let fit = prediction
  for (const check of SAID_CHECKS) {
    if (check[0](fit)) continue
    const [, cause, nextStep, spare] = check
    if (spare === undefined) throw invalidPrediction(cause(fit), nextStep)
    const { [spare]: _left, ...rest } = fit
    fit = rest
    onDropped(spare)
  }
  return fit
}
