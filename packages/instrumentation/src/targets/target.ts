import type { PredictionInstrumentationConfig } from '../instrumentation-config.ts'
import type { Watch } from '../target-call.ts'

/** What is known when an instrumented method is called. */
export interface TargetContext {
  readonly watch: Watch
  readonly config: PredictionInstrumentationConfig
}

type Method = (this: unknown, ...args: unknown[]) => unknown

/** A method that is tracked. */
export interface PatchPoint {
  /** For messages: `InferenceSession.run`. */
  readonly name: string
  readonly owner: object
  readonly method: string
  /** Makes the tracked method of the original. It keeps `this`, arguments, what is returned and what is thrown. */
  readonly patch: (original: Method, context: () => TargetContext) => Method
}

/**
 * A library whose predictions are tracked from outside: a file of its name, with a folder of its name for what that is made
 * of, and a line in `targets.ts`.
 */
export interface Target {
  /** As it is imported. */
  readonly module: string
  /** Ranges of versions, as npm writes them; both ends are tested. */
  readonly versions: readonly string[]
  /** What to patch in the module as it was loaded, by CommonJS or as an ES module; only methods that exist. */
  readonly points: (exports: unknown) => readonly PatchPoint[]
}

/** Where a path of properties leads in an object of unknown shape; undefined where it breaks off. */
export function at(object: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (place, name) =>
      (typeof place === 'object' && place !== null) || typeof place === 'function'
        ? (place as Readonly<Record<string, unknown>>)[name]
        : undefined,
    object,
  )
}
