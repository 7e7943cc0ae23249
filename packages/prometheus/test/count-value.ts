import type { Count } from '@groundtrace/core'

/** The sum of the counts of one name whose labels contain the given ones; undefined when there is none. */
export function countValue(
  counts: readonly Count[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = Object.entries(labels)
  const matching = counts.filter(
    (count) => count.name === name && wanted.every(([label, value]) => count.labels[label] === value),
  )
  return matching.length === 0 ? undefined : matching.reduce((sum, { value }) => sum + value, 0)
}
