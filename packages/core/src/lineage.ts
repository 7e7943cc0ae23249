import { GroundtraceError } from './errors.ts'
import { MAX_TEXT_LENGTH } from './checked-feedback.ts'
import { isKey, isName } from './key.ts'
import { isListOf, isRecord, onlyFields } from './plain.ts'
import { quote } from './quote.ts'
import { isTime } from './time.ts'
import { isTrackingId, type TrackingId } from './tracking-id.ts'

/** One example as a data set holds it. */
export interface DataSetMember {
  readonly example: TrackingId
  readonly prediction: TrackingId
  readonly feedback: readonly TrackingId[]
  /**
   * Why it may not be used any more. Said by `Register.dataSet` and `Register.lineageOf`,
   * never by a line of the ledger.
   */
  readonly lost?: LostBy
}

/** What an example was made from is gone: the payload of its prediction or of its feedback, or the prediction itself. */
export type LostBy = 'erased' | 'pruned'

/** What happened to data sets and versions, and why. */
export type LineageEvent =
  /** A data set was made. `hash`: the content hash of its manifest. */
  | {
      readonly kind: 'data-set-made'
      readonly dataSet: string
      readonly role: 'training' | 'validation'
      readonly task: string
      readonly hash: string
      readonly members: readonly DataSetMember[]
    }
  /** A trigger asked for a new version, with its figures. */
  | { readonly kind: 'retraining-asked'; readonly model: string; readonly trigger: string; readonly reason: string }
  | {
      readonly kind: 'version-trained'
      readonly model: string
      readonly version: string
      readonly trainedOn: string
      readonly validatedOn?: string
    }
  /** The gate compared candidate and champion. */
  | {
      readonly kind: 'gate-decided'
      readonly model: string
      readonly candidate: string
      readonly champion: string
      readonly verdict: 'promote' | 'keep' | 'blind'
      readonly reason: string
    }
  | { readonly kind: 'version-deployed'; readonly model: string; readonly version: string; readonly reason: string }
  | { readonly kind: 'version-retired'; readonly model: string; readonly version: string; readonly reason: string }
  /** A version was seen to predict that nobody had declared deployed. `previous`: what that process saw before it. */
  | { readonly kind: 'version-seen'; readonly model: string; readonly version: string; readonly previous?: string }

export type LineageKind = LineageEvent['kind']

/** A line of the lineage ledger. */
export type LineageLine = LineageEvent & {
  /** Unique; the same ID with the same content is a duplicate. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly time: number
}

/** Longest ID of a lineage line, in characters. */
const MAX_ID_LENGTH = 128

const isReason = (text: unknown): boolean => typeof text === 'string' && text !== '' && text.length <= MAX_TEXT_LENGTH
const isHash = (text: unknown): boolean => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text)

const isMember = (member: unknown): boolean =>
  isRecord(member) &&
  isTrackingId(member.example) &&
  isTrackingId(member.prediction) &&
  isListOf(member.feedback, isTrackingId)

type Check<L> = readonly [field: string, holds: (line: L) => boolean]

/** What must hold of each kind; every failure has the same next step: give the field. */
const CHECKS: { readonly [K in LineageKind]: readonly Check<LineageLine & { kind: K }>[] } = {
  'data-set-made': [
    ['dataSet', (l) => isName(l.dataSet)],
    ['role', (l) => l.role === 'training' || l.role === 'validation'],
    ['task', (l) => isName(l.task)],
    ['hash', (l) => isHash(l.hash)],
    ['members', (l) => isListOf(l.members, isMember)],
  ],
  'retraining-asked': [
    ['model', (l) => isName(l.model)],
    ['trigger', (l) => isName(l.trigger)],
    ['reason', (l) => isReason(l.reason)],
  ],
  'version-trained': [
    ['model', (l) => isName(l.model)],
    ['version', (l) => isName(l.version)],
    ['trainedOn', (l) => isName(l.trainedOn)],
    ['validatedOn', (l) => l.validatedOn === undefined || isName(l.validatedOn)],
  ],
  'gate-decided': [
    ['model', (l) => isName(l.model)],
    ['candidate', (l) => isName(l.candidate)],
    ['champion', (l) => isName(l.champion)],
    ['verdict', (l) => ['promote', 'keep', 'blind'].includes(l.verdict)],
    ['reason', (l) => isReason(l.reason)],
  ],
  'version-deployed': [
    ['model', (l) => isName(l.model)],
    ['version', (l) => isName(l.version)],
    ['reason', (l) => isReason(l.reason)],
  ],
  'version-retired': [
    ['model', (l) => isName(l.model)],
    ['version', (l) => isName(l.version)],
    ['reason', (l) => isReason(l.reason)],
  ],
  'version-seen': [
    ['model', (l) => isName(l.model)],
    ['version', (l) => isName(l.version)],
    ['previous', (l) => l.previous === undefined || (isName(l.previous) && l.previous !== l.version)],
  ],
}

const MEMBER_FIELDS: ReadonlySet<string> = new Set(['example', 'prediction', 'feedback'])

/** The line without fields that a line of its kind does not have. */
function known(line: LineageLine): LineageLine {
  const fields = new Set(['id', 'time', 'kind', ...CHECKS[line.kind].map(([field]) => field)])
  const own = onlyFields(line, fields)
  if (own.kind !== 'data-set-made') return own
  const members = own.members.map((member) => onlyFields(member, MEMBER_FIELDS))
  return members.every((member, index) => member === own.members[index]) ? own : { ...own, members }
}

/** What must hold of every line. */
const COMMON: readonly Check<LineageLine>[] = [
  ['id', (l) => isKey(l.id) && l.id.length <= MAX_ID_LENGTH],
  ['time', (l) => isTime(l.time)],
]

/** Checks a lineage line once, at the edge. Fields that such a line does not have are left out. @throws GroundtraceError `invalid-lineage` */
export function checkedLineage(line: LineageLine): LineageLine {
  if (!isRecord(line)) {
    throw new GroundtraceError(
      'invalid-lineage',
      `${quote(line)} is no lineage line`,
      'Pass an object of type LineageLine',
    )
  }
  const { kind } = line
  if (typeof kind !== 'string' || !Object.hasOwn(CHECKS, kind)) {
    throw new GroundtraceError(
      'invalid-lineage',
      `Lineage kind ${quote(kind)} is unknown`,
      `Use one of ${Object.keys(CHECKS).join(', ')}`,
    )
  }
  const checks = [...COMMON, ...(CHECKS[kind] as readonly Check<LineageLine>[])]
  const failed = checks.find(([, holds]) => !holds(line))
  if (failed !== undefined) {
    throw new GroundtraceError(
      'invalid-lineage',
      `Lineage line ${kind}: ${failed[0]} is missing or not valid`,
      `Give ${failed[0]} as the type LineageLine describes it`,
    )
  }
  return known(line)
}
