import type { Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import type { Dataquery as PrometheusQuery } from '@grafana/grafana-foundation-sdk/prometheus'

/**
 * A type as it is after JSON: enumerations are their values, functions are gone. The SDK and Grafana's schema declare
 * the same enumerations apart, which TypeScript takes for different ones.
 */
export type Plain<T> =
  IsAny<T> extends true
    ? T
    : T extends string
      ? string extends T
        ? string
        : `${T}`
      : T extends number
        ? number extends T
          ? number
          : `${T}` extends `${infer N extends number}`
            ? N
            : never
        : T extends Dataquery
          ? Dataquery extends T
            ? PlainQuery
            : PlainObject<T>
          : T extends readonly (infer Item)[]
            ? Plain<Item>[]
            : T extends object
              ? PlainObject<T>
              : T

type PlainObject<T> = { [K in keyof T as T[K] extends (...given: never[]) => unknown ? never : K]: Plain<T[K]> }

/** The SDK holds a query as something opaque. Each of ours asks Prometheus and has a name. */
type PlainQuery = Omit<PlainObject<PrometheusQuery>, 'refId'> & { refId: string }

/** Everything intersects with `any`, even what intersects with nothing else. */
type IsAny<T> = 0 extends 1 & T ? true : false

/** Through JSON: what Grafana will read, and nothing else. */
export function plain<T>(value: T): Plain<T> {
  return JSON.parse(JSON.stringify(value)) as Plain<T>
}
