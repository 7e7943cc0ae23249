import { exampleFrom, type Register, type TrackingId, type TrainingExample } from '@groundtrace/core'
import { listOf, optionsOf } from './argument.ts'
import { lineHash, manifestText, type Manifest } from './manifest.ts'
import type { Salts } from './salts.ts'
import { sha256 } from './sha256.ts'

/** What is wrong with one line, or with the manifest as a whole where no prediction is named. */
export interface ManifestFault {
  readonly prediction?: TrackingId
  readonly why: string
}

export interface ManifestCheck {
  /** Lines whose example is at hand and says what it said when the data set was made. */
  readonly verified: number
  /** Predictions of lines that can't be checked any more because they were erased or pruned: a known gap, no fault. */
  readonly gaps: readonly TrackingId[]
  /** Empty for a manifest that holds. */
  readonly broken: readonly ManifestFault[]
}

export interface VerifyOptions {
  /** The examples as the data set held them; {@link readExamples} reads them from the ledgers. */
  readonly examples: Iterable<TrainingExample>
  readonly salts: Salts
  /** Predictions of the examples that were erased or pruned. */
  readonly lost?: Iterable<TrackingId>
}

/**
 * Checks a manifest against its own hash, and every line against the example it stands for.
 * @throws GroundtraceError `invalid-argument`
 */
export function verifyManifest(manifest: Manifest, options: VerifyOptions): ManifestCheck {
  const { examples, salts, lost = [] } = optionsOf(options, 'VerifyOptions')
  const known = new Map(listOf(examples, 'examples').map((example) => [example.prediction, example]))
  const gone = new Set(listOf(lost, 'lost'))
  const gaps: TrackingId[] = []
  const broken: ManifestFault[] = []
  let verified = 0
  const hash = sha256(manifestText(optionsOf(manifest, 'Manifest')))
  if (hash !== manifest.hash || manifest.dataSet !== `ds-${hash.slice(0, 16)}`) {
    broken.push({ why: `The manifest says its hash is ${manifest.hash}, and it is ${hash}` })
  }
  for (const { prediction, hash } of manifest.lines) {
    const example = known.get(prediction)
    const salt = salts.get(prediction)
    if (gone.has(prediction)) gaps.push(prediction)
    else if (salt === undefined) broken.push({ prediction, why: 'Its salt is gone although it was not erased' })
    else if (example === undefined) broken.push({ prediction, why: 'Its example is gone although it was not erased' })
    else if (lineHash(salt, example) !== hash) broken.push({ prediction, why: 'Its example reads otherwise now' })
    else verified += 1
  }
  return { verified, gaps, broken }
}

/**
 * Reads the examples of a manifest as they were when it was made: from the outcome version that each line names, however
 * often it has changed since.
 * @returns the examples, and the predictions of those that were lost: erased, resting on feedback that was, or pruned
 */
export async function readExamples(
  register: Pick<Register, 'prediction' | 'outcomesOf' | 'dataSet'>,
  manifest: Pick<Manifest, 'dataSet' | 'lines'>,
): Promise<{ readonly examples: readonly TrainingExample[]; readonly lost: readonly TrackingId[] }> {
  const { dataSet, lines } = optionsOf(manifest, 'Manifest')
  const members = (await register.dataSet(dataSet))?.members ?? []
  const lost = new Set(members.filter((member) => member.lost !== undefined).map((member) => member.prediction))
  const examples: TrainingExample[] = []
  for (const line of lines) {
    if (lost.has(line.prediction)) continue
    const prediction = await register.prediction(line.prediction)
    const outcomes = await register.outcomesOf(line.prediction)
    const outcome = outcomes.find(({ version }) => version === line.outcomeVersion)
    if (prediction === undefined || outcome === undefined) continue
    const example = exampleFrom(prediction, outcome)
    if (typeof example === 'object') examples.push(example)
    else if (example === 'features-missing') lost.add(line.prediction)
  }
  return { examples, lost: [...lost] }
}
