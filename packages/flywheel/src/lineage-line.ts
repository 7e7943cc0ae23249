import { checkedLineage, type LineageEvent, type LineageKind, type LineageLine } from '@groundtrace/core'
import { canonicalJson } from './canonical-json.ts'
import type { Manifest } from './manifest.ts'
import { sha256 } from './sha256.ts'

/** An event of one kind. */
export type LineageEventOf<K extends LineageKind> = LineageEvent & { readonly kind: K }
/** A line of one kind. */
export type LineageLineOf<K extends LineageKind> = LineageLine & { readonly kind: K }

/**
 * A line of the lineage ledger. Its ID follows from what it says and when, so that the same line, appended again after a
 * crash, is a duplicate and not a second event.
 * @param time milliseconds since 1970
 * @throws GroundtraceError `invalid-lineage`, `invalid-argument`
 */
export function lineageLine<K extends LineageKind>(event: LineageEventOf<K>, time: number): LineageLineOf<K> {
  const line = { ...event, time }
  checkedLineage({ ...line, id: 'not named yet' })
  const id = `${event.kind}-${sha256(canonicalJson(line)).slice(0, 32)}`
  return { ...line, id }
}

/**
 * The line that says a data set was made, with every feedback ID.
 * @param time milliseconds since 1970
 * @throws GroundtraceError `invalid-lineage`
 */
export function dataSetLine(manifest: Manifest, time: number): LineageLineOf<'data-set-made'> {
  const { dataSet, role, task, hash, lines } = manifest
  const members = lines.map(({ example, prediction, feedback }) => ({ example, prediction, feedback }))
  return lineageLine({ kind: 'data-set-made', dataSet, role, task, hash, members }, time)
}
