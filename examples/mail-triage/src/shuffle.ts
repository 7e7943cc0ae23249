/**
 * Puts the items in a random order, in place (Durstenfeld's form of the Fisher–Yates shuffle).
 * @param random numbers in [0, 1)
 */
export function shuffle(items: Int32Array, random: () => number): void {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1))
    const item = items[last] ?? 0
    items[last] = items[other] ?? 0
    items[other] = item
  }
}
