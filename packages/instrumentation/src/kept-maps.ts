import { isKey, isRecord, type Prediction } from '@groundtrace/core'
import type { CountDropped } from './dropped-field.ts'
import { MAX_ENTRIES, MAX_NAMES } from './limits.ts'

/** The scores as they are now, frozen, the 100 highest of them; undefined, and told, where they are no numbers by class. */
export function keptScores(scores: unknown, dropped: CountDropped): Prediction['scores'] {
  if (scores === undefined) return undefined
  const names = namesOf(scores)
  const copy = copyOf(scores, names, MAX_NAMES, Number.isFinite) as Readonly<Record<string, number>> | undefined
  if (copy === undefined || names.length > MAX_ENTRIES) dropped('scores')
  if (copy === undefined || names.length <= MAX_ENTRIES) return copy
  const highest = Object.entries(copy).sort(([, first], [, second]) => second - first)
  return Object.freeze(Object.fromEntries(highest.slice(0, MAX_ENTRIES)))
}

/** The slices as they are now, frozen, the first 100 of them; undefined, and told, where they are no short texts by name. */
export function keptSlices(slices: unknown, dropped: CountDropped): Prediction['slices'] {
  if (slices === undefined) return undefined
  const names = namesOf(slices)
  const copy = copyOf(slices, names, MAX_ENTRIES, isKey) as Prediction['slices']
  if (copy === undefined) dropped('slices')
  else if (names.length > MAX_ENTRIES) dropped('slices', names.length - MAX_ENTRIES)
  return copy
}

const NONE: readonly string[] = []

function namesOf(map: unknown): readonly string[] {
  return isRecord(map) ? Object.keys(map) : NONE
}

/** A frozen copy of the first so many entries, each read once; undefined where one of them does not pass. */
function copyOf(
  map: unknown,
  names: readonly string[],
  most: number,
  passes: (value: unknown) => boolean,
): object | undefined {
  if (!isRecord(map)) return undefined
  const isWhole = names.length <= most
  const kept = isWhole ? names : names.slice(0, most)
  const copy: Record<string, unknown> = isWhole ? { ...map } : Object.fromEntries(kept.map((name) => [name, map[name]]))
  for (const name of kept) if (!passes(copy[name]) || !isKey(name)) return undefined
  return Object.freeze(copy)
}
