import {
  callOf,
  memberVerdict,
  parseTrackingId,
  sharesTruth,
  type Outcome,
  type Prediction,
  type Register,
  type TrackingId,
} from '@groundtrace/core'

/** A prediction, or the call of a batch, that another prediction was made inside of. */
export interface AroundPrediction {
  readonly trackingId: TrackingId
  /** Without its payload; absent where the register does not know it, and for the call of a batch. */
  readonly prediction?: Prediction
  /** Of a batch: the rows that the register knows, the 100 that came first at most. */
  readonly rows?: readonly TrackingId[]
}

/** A prediction that was made inside of another. */
export interface InsidePrediction {
  readonly trackingId: TrackingId
  /** Without its payload. */
  readonly prediction: Prediction
  /** Whether it was right, by what is held to be true of the prediction that the tree is about. */
  readonly correct?: boolean
  readonly inside: readonly InsidePrediction[]
}

/** Predictions of one tree that are looked at: parents are said by whoever sends them, and may be anything. */
const MOST = 100

type Reading = Pick<Register, 'prediction' | 'predictionsOfTrace' | 'predictionsInside'>

function withoutPayload({ features: _features, user: _user, ...ledgerPart }: Prediction): Prediction {
  return ledgerPart
}

/** The rows of a call, in order. Empty where the register knows none, and for what is a row itself. */
export async function rowsOf(register: Pick<Register, 'predictionsOfTrace'>, call: TrackingId): Promise<TrackingId[]> {
  const { traceId, row } = parseTrackingId(call)
  if (row !== undefined) return []
  const ids = await register.predictionsOfTrace(traceId)
  return ids
    .filter((id) => id !== call && callOf(id) === call)
    .sort((a, b) => (parseTrackingId(a).row ?? 0) - (parseTrackingId(b).row ?? 0))
}

/** What a prediction was made inside of, the nearest first. It ends where the register knows no more, or in a circle. */
export async function aroundOf(register: Reading, prediction: Prediction): Promise<readonly AroundPrediction[]> {
  const around: AroundPrediction[] = []
  const seen = new Set<string>([prediction.id])
  let parent = prediction.parent
  while (parent !== undefined && !seen.has(parent) && around.length < MOST) {
    seen.add(parent)
    const known = await register.prediction(parent)
    const rows = known === undefined ? (await rowsOf(register, parent)).slice(0, MOST) : []
    around.push({
      trackingId: parent,
      ...(known === undefined ? {} : { prediction: withoutPayload(known) }),
      ...(rows.length === 0 ? {} : { rows }),
    })
    // The rows of a batch are all made inside of the same.
    parent = known?.parent ?? (rows[0] === undefined ? undefined : (await register.prediction(rows[0]))?.parent)
  }
  return around
}

/** What was made inside of a prediction, as a tree of 100 predictions at most. @param outcome its latest */
export async function insideOf(
  register: Reading,
  prediction: Prediction,
  outcome: Outcome | undefined,
): Promise<readonly InsidePrediction[]> {
  const seen = new Set<string>([prediction.id])

  function correctness(member: Prediction): { readonly correct?: boolean } {
    if (outcome === undefined || !sharesTruth(prediction, member)) return {}
    const correct = memberVerdict(member, outcome)
    return correct === undefined ? {} : { correct }
  }

  async function below(id: TrackingId): Promise<readonly InsidePrediction[]> {
    const nodes: InsidePrediction[] = []
    for (const member of await register.predictionsInside(id)) {
      if (seen.has(member.id) || seen.size > MOST) continue
      seen.add(member.id)
      nodes.push({
        trackingId: member.id,
        prediction: member,
        ...correctness(member),
        inside: await below(member.id),
      })
    }
    return nodes
  }

  return await below(prediction.id)
}
