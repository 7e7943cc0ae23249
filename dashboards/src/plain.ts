/**
 * A type as it is after JSON: enumerations are their values, functions are gone. The SDK and Grafana's schema declare
 * the same enumerations apart, which TypeScript takes for different ones.
 */
export type Plain<T> = T extends string
  ? string extends T
    ? string
    : `${T}`
  : T extends number
    ? number extends T
      ? number
      : `${T}` extends `${infer N extends number}`
        ? N
        : never
    : T extends readonly (infer Item)[]
      ? Plain<Item>[]
      : T extends object
        ? { [K in keyof T as T[K] extends (...given: never[]) => unknown ? never : K]: Plain<T[K]> }
        : T

/** Through JSON: what Grafana will read, and nothing else. */
export function plain<T>(value: T): Plain<T> {
  return JSON.parse(JSON.stringify(value)) as Plain<T>
}
