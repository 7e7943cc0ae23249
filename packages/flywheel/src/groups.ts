/**
 * Joins what shares a key, directly or over others: if A and B share one and B and C another, all three are one group.
 * @param keys the keys of each item; an item without any is a group of its own
 * @returns the group of each item, as the index of the group's first item
 */
export function joinedGroups(keys: readonly (readonly string[])[]): readonly number[] {
  const parents = keys.map((_, index) => index)
  const root = (index: number): number => {
    let top = index
    while (parents[top] !== top) top = parents[top] as number
    // Every step of the way points at the top now, so the next walk is short.
    for (let step = index; step !== top;) [step, parents[step]] = [parents[step] as number, top]
    return top
  }
  const firstWith = new Map<string, number>()
  for (const [index, own] of keys.entries()) {
    for (const key of own) {
      const first = firstWith.get(key)
      if (first === undefined) firstWith.set(key, index)
      else {
        const [a, b] = [root(first), root(index)]
        parents[Math.max(a, b)] = Math.min(a, b)
      }
    }
  }
  return keys.map((_, index) => root(index))
}
