import type { Count } from '@groundtrace/core'
import { LABELS, OTHER, type Bound } from './labels.ts'

const BOUNDS = new Map<string, Bound>(Object.entries(LABELS).map(([label, { bound }]) => [label, bound]))

/** Keeps the number of different words of each label within its bound. */
export interface LabelLimits {
  /** Learns the values that are in use, so that they stay in use after a restart. */
  learn(counts: readonly Count[]): void
  /** The same counts; words beyond the bound of their label are `other`, and counts that became the same are one. */
  within(counts: readonly Count[]): readonly Count[]
}

/**
 * Limits for the labels whose values come from outside. First come, first named: a name once given is never taken back,
 * because a counter folded into another would look like an increase.
 * @param bounds for tests; default: the catalogue's
 */
export function labelLimits(bounds: ReadonlyMap<string, Bound> = BOUNDS): LabelLimits {
  const known = new Map<string, Set<string>>()

  function admitted(label: string, value: string): string {
    const bound = bounds.get(label)
    if (bound?.kind !== 'words') return value
    const words = known.get(label) ?? new Set()
    known.set(label, words)
    if (words.has(value)) return value
    if (words.size >= bound.most) return OTHER
    words.add(value)
    return value
  }

  function limited(labels: Count['labels']): Count['labels'] {
    return Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, admitted(label, value)]))
  }

  return {
    learn(counts) {
      for (const { labels } of counts) limited(labels)
    },
    within(counts) {
      const merged = new Map<string, Count>()
      for (const { name, labels, value } of counts) {
        const kept = limited(labels)
        const key = JSON.stringify([name, ...Object.values(kept)])
        merged.set(key, { name, labels: kept, value: (merged.get(key)?.value ?? 0) + value })
      }
      return [...merged.values()]
    },
  }
}
