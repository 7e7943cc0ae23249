import type { FeaturePolicy, OnnxModel, PredictionInstrumentationConfig } from '@groundtrace/instrumentation'
import type { Tensor } from 'onnxruntime-node'
import type { MailService } from './mail-service.ts'
import { versionIn } from './model-file.ts'
import { MODEL, SPAM_TASK } from './settings.ts'
import { CUT_OFF } from './spam-filter.ts'
import { INPUTS, OUTPUT } from './spam-filter-onnx.ts'
import type { TriageService } from './triage-service.ts'

/** What the register keeps of a mail: its hashed words, the thread it belongs to, and a masked excerpt. */
export const KEPT_FEATURES: FeaturePolicy = { buckets: 'keep', counts: 'keep', thread: 'keep', excerpt: 'keep' }

/** The numbers of an input. A loop, since `Array.from` takes ten times as long for a typed array. */
function listOf(tensor: unknown): readonly number[] {
  const { data } = tensor as Tensor
  const list: number[] = []
  for (let index = 0; index < data.length; index += 1) list.push(Number(data[index]))
  return list
}

/**
 * What the outputs of the filter's sessions mean. The score and the answer are read from the output, the version from the
 * file's name, the words from the inputs: only what is known of the mail itself, and what follows for it, is asked for.
 */
const declarationOf = (service: TriageService): OnnxModel => ({
  match: ({ path }) => versionIn(path) !== undefined,
  model: ({ path }) => ({ name: MODEL, version: versionIn(path) ?? '' }),
  task: SPAM_TASK,
  scores: OUTPUT,
  threshold: CUT_OFF,
  features: KEPT_FEATURES,
  describe({ feeds, trackingId, scores }) {
    const { features, ...known } = service.describe(trackingId, scores?.['spam'] ?? Number.NaN)
    const words = { buckets: listOf(feeds[INPUTS.buckets]), counts: listOf(feeds[INPUTS.counts]) }
    return { ...known, features: { ...words, ...features } }
  },
})

/** What `PredictionInstrumentation` is told to track this service. */
export function trackingOf({ triage, pipeline, now }: MailService): PredictionInstrumentationConfig {
  return { pipeline, now, onnxruntime: [declarationOf(triage)] }
}
