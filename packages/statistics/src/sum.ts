/** Sum of the values, or of a figure taken from each; 0 for none. */
export function sum(values: readonly number[]): number
export function sum<T>(items: readonly T[], figure: (item: T) => number): number
export function sum<T>(items: readonly T[], figure: (item: T) => number = Number): number {
  let total = 0
  for (const item of items) total += figure(item)
  return total
}
