import { GroundtraceError } from '@groundtrace/core'
import type { InstrumentationBase, InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation'
import { createRequire } from 'node:module'
import { attempt } from './attempt.ts'

interface InstrumentationPackage {
  readonly InstrumentationBase: typeof InstrumentationBase
  readonly InstrumentationNodeModuleDefinition: typeof InstrumentationNodeModuleDefinition
}

/** In the place of the base class where the package is not installed: whoever needs it is told, nobody else is. */
function notInstalled(): never {
  throw new GroundtraceError(
    'invalid-argument',
    'PredictionInstrumentation needs @opentelemetry/instrumentation, which is not installed',
    'Install the version that the OpenTelemetry SDK of this service uses (`npm ls @opentelemetry/instrumentation`)',
  )
}

/**
 * The host's own copy of the package, loaded as it is installed beside us: an optional peer. npm must not pick a version
 * of it, for each works with one minor version of the API only; and a static import would ask it of everybody.
 */
const loaded = attempt(
  () => createRequire(import.meta.url)('@opentelemetry/instrumentation') as InstrumentationPackage,
).value

/** The base class of all instrumentations. Without the package its constructor throws `GroundtraceError`. */
export const Base =
  loaded?.InstrumentationBase ?? (notInstalled as unknown as InstrumentationPackage['InstrumentationBase'])

/** What an instrumentation says of a module it patches; see the package. */
export const ModuleDefinition =
  loaded?.InstrumentationNodeModuleDefinition ??
  (notInstalled as unknown as InstrumentationPackage['InstrumentationNodeModuleDefinition'])
