/** The latest few of however many entries, by time. Takes no more memory, and hardly more time, the more there are. */
export interface LatestEntries {
  /** Takes an entry. @returns whether it is among the latest; an earlier one is not either, then */
  add(time: number, position: number): boolean
  /** The latest first; of one time the one at the highest position. */
  positions(): readonly number[]
}

/** @param most entries that are kept, from 1 */
export function latestEntries(most: number): LatestEntries {
  const kept: { readonly time: number; readonly position: number }[] = []

  return {
    add(time, position) {
      const isBefore = (other: { readonly time: number; readonly position: number }): boolean =>
        other.time > time || (other.time === time && other.position > position)
      const last = kept.at(-1)
      if (kept.length === most && last !== undefined && isBefore(last)) return false
      let from = 0
      let to = kept.length
      while (from < to) {
        const middle = (from + to) >>> 1
        if (isBefore(kept[middle] as (typeof kept)[number])) from = middle + 1
        else to = middle
      }
      kept.splice(from, 0, { time, position })
      if (kept.length > most) kept.pop()
      return true
    },
    positions: () => kept.map(({ position }) => position),
  }
}
