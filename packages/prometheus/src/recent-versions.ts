import type { Count } from '@groundtrace/core'

interface Activity {
  /** Sum of all counts of the version; it moves when one of them does. */
  sum: number
  /** Number of the reading in which it last moved. */
  moved: number
}

const natural = new Intl.Collator('en', { numeric: true })

function latestFirst(versions: ReadonlyMap<string, Activity>): readonly string[] {
  return [...versions]
    .sort(([a, { moved: movedA }], [b, { moved: movedB }]) => movedB - movedA || natural.compare(b, a))
    .map(([version]) => version)
}

/**
 * Chooses which versions of each model are on the page: those whose counts moved last. A version that is left out keeps
 * its counts in the store and comes back when one of them moves, so sums over versions stay right. Where no order is
 * known, after a restart, `v10` counts as later than `v9`.
 * @param most versions of a model on the page, from 1
 */
export function recentVersions(most: number): (counts: readonly Count[]) => readonly Count[] {
  const activities = new Map<string, Map<string, Activity>>()
  let reading = 0

  function observe(counts: readonly Count[]): void {
    const sums = new Map<string, Map<string, number>>()
    for (const { labels, value } of counts) {
      const { model, version } = labels
      if (model === undefined || version === undefined) continue
      const versions = sums.get(model) ?? new Map<string, number>()
      sums.set(model, versions.set(version, (versions.get(version) ?? 0) + value))
    }
    reading += 1
    for (const [model, versions] of sums) {
      const known = activities.get(model) ?? new Map<string, Activity>()
      activities.set(model, known)
      for (const [version, sum] of versions) {
        if (known.get(version)?.sum !== sum) known.set(version, { sum, moved: reading })
      }
    }
  }

  function shown(): ReadonlyMap<string, ReadonlySet<string>> {
    return new Map([...activities].map(([model, versions]) => [model, new Set(latestFirst(versions).slice(0, most))]))
  }

  return (counts) => {
    observe(counts)
    const versions = shown()
    const kept = counts.filter(
      ({ labels: { model, version } }) =>
        model === undefined || version === undefined || versions.get(model)?.has(version) === true,
    )
    // Data sets are of interest through the versions that were made with them.
    const used = new Set(
      kept.filter(({ labels }) => labels['version'] !== undefined).map(({ labels }) => labels['data_set']),
    )
    return kept.filter(({ labels }) => labels['data_set'] === undefined || used.has(labels['data_set']))
  }
}
