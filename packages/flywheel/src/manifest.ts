import { isTrackingId, quote, type DataSetMember, type TrackingId, type TrainingExample } from '@groundtrace/core'
import { listOf, nameOf, optionsOf, refusal } from './argument.ts'
import { canonicalJson } from './canonical-json.ts'
import { byTime } from './example-pool.ts'
import { randomSalts, type SaltOf, type Salts } from './salts.ts'
import { sha256 } from './sha256.ts'

export const MANIFEST_FORMAT = 'groundtrace-manifest/1'

/** One example of a data set, without its payload. */
export interface ManifestLine extends DataSetMember {
  /** The version of the prediction's outcome that the example was made from; the ledger still holds it. */
  readonly outcomeVersion: number
  /** SHA-256 of salt, line feed and the canonical JSON of the example: proves what it said, and tells nobody. */
  readonly hash: string
}

/** What a data set is made of, in a form that outlives the erasure of its examples. Holds no payload. */
export interface Manifest {
  /** `ds-` and the first 16 digits of `hash`. */
  readonly dataSet: string
  /** SHA-256 of the manifest's text (see {@link manifestText}). */
  readonly hash: string
  readonly role: 'training' | 'validation'
  readonly task: string
  /** Oldest prediction first. */
  readonly lines: readonly ManifestLine[]
}

export interface ManifestOptions {
  readonly role: Manifest['role']
  readonly task: string
  readonly examples: Iterable<TrainingExample>
  /** Default: random salts. */
  readonly saltOf?: SaltOf
}

/** The hash of one example's line. */
export function lineHash(salt: string, example: TrainingExample): string {
  return sha256(`${salt}\n${canonicalJson(example)}`)
}

/**
 * The manifest of a data set: its name follows from its content, so a name never stands for other examples. The order
 * of the examples does not matter. Keep the salts beside it, where an erasure can reach them.
 * @throws GroundtraceError `invalid-argument` for no examples, examples of another task, two of one prediction, two
 *   lines with one salt
 */
export function manifestOf(options: ManifestOptions): { readonly manifest: Manifest; readonly salts: Salts } {
  const { role, task, examples, saltOf = randomSalts() } = optionsOf(options, 'ManifestOptions')
  if (role !== 'training' && role !== 'validation') {
    throw refusal(`Role ${quote(role)} is unknown`, 'Use training or validation')
  }
  nameOf(task, 'task')
  const list = [...listOf(examples, 'examples')].sort(byTime)
  if (list.length === 0) throw refusal('A data set without examples has no manifest', 'Wait for examples')
  const foreign = list.find((example) => example.task !== task)
  if (foreign !== undefined) {
    throw refusal(
      `Example ${quote(foreign.id)} is of task ${quote(foreign.task)}`,
      `Pass examples of task ${task} only`,
    )
  }
  const salts = new Map(list.map((example) => [example.prediction, saltOf(example)]))
  if (salts.size !== list.length) throw refusal('Two examples are of one prediction', 'Pass the latest one only')
  if (new Set(salts.values()).size !== list.length) {
    throw refusal('Two lines have the same salt', 'Pass a saltOf that gives every line its own, such as randomSalts()')
  }
  const lines = list.map((example) => ({
    example: example.id,
    prediction: example.prediction,
    feedback: example.feedback,
    outcomeVersion: example.outcomeVersion,
    hash: lineHash(salts.get(example.prediction) as string, example),
  }))
  return { manifest: named({ role, task, lines }), salts }
}

function named(body: Pick<Manifest, 'role' | 'task' | 'lines'>): Manifest {
  const hash = sha256(manifestText(body))
  return { dataSet: `ds-${hash.slice(0, 16)}`, hash, ...body }
}

/**
 * The manifest as JSON Lines, canonical: a header, then a line for each example. Its hash is the SHA-256 of exactly
 * this text, so `sha256sum` of the file checks it without any of our code.
 */
export function manifestText({ role, task, lines }: Pick<Manifest, 'role' | 'task' | 'lines'>): string {
  const header = { format: MANIFEST_FORMAT, role, task, examples: lines.length }
  return [header, ...lines].map((line) => `${canonicalJson(line)}\n`).join('')
}

const wrong = (cause: string) => refusal(`The manifest ${cause}`, 'Pass the text that manifestText wrote, unchanged')

/**
 * Reads the text of a manifest back, and names it by what it says.
 * @throws GroundtraceError `invalid-argument` for a text that {@link manifestText} did not write
 */
export function parseManifest(text: string): Manifest {
  if (typeof text !== 'string') throw wrong(`is ${quote(text)}`)
  let rows: unknown[]
  try {
    rows = text
      .trimEnd()
      .split('\n')
      .map((row): unknown => JSON.parse(row))
  } catch {
    throw wrong('is not JSON Lines')
  }
  const [header, ...lines] = rows as [Readonly<Record<string, unknown>> | null, ...ManifestLine[]]
  if (header?.['format'] !== MANIFEST_FORMAT) throw wrong(`has format ${quote(header?.['format'])}`)
  if (!lines.every(isLine)) throw wrong('has a line that is no example')
  const body = { role: header['role'] as Manifest['role'], task: header['task'] as string, lines }
  // Canonical text has one form: whatever was changed, cut off or added makes another one.
  if (manifestText(body) !== text) throw wrong('was changed after it was written')
  return named(body)
}

function isLine(line: Partial<ManifestLine> | null): boolean {
  return (
    isTrackingId(line?.example) &&
    isTrackingId(line.prediction) &&
    Array.isArray(line.feedback) &&
    line.feedback.every(isTrackingId) &&
    Number.isSafeInteger(line.outcomeVersion) &&
    /^[0-9a-f]{64}$/.test(String(line.hash))
  )
}

/** The salts that are left after an erasure; the manifest itself stays as it is and keeps its hash. */
export function eraseSalts(salts: Salts, predictions: Iterable<TrackingId>): Salts {
  const gone = new Set(listOf(predictions, 'predictions'))
  return new Map([...salts].filter(([prediction]) => !gone.has(prediction)))
}
