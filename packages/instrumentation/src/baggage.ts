import { isTrackingId, type TrackingId } from '@groundtrace/core'
import { ATTR_TRACKING_ID } from '@groundtrace/core/semconv'
import { propagation, type Context } from '@opentelemetry/api'
import { activeContext } from './active-context.ts'
import { attempt } from './attempt.ts'

/** The context with the tracking ID in its W3C baggage, beside the entries that are there. Never throws. */
export function withBaggage(context: Context, id: TrackingId): Context {
  return (
    attempt(() => {
      const baggage = propagation.getBaggage(context) ?? propagation.createBaggage()
      return propagation.setBaggage(context, baggage.setEntry(ATTR_TRACKING_ID, { value: id }))
    }).value ?? context
  )
}

/**
 * The tracking ID in the W3C baggage of the active context: of the prediction, here or in a service upstream, for which
 * this code runs. Undefined where no prediction puts it there (`baggage: true`), where the host has no propagator for
 * baggage, and where what came is no tracking ID. Baggage comes with a request: believe it as far as you believe the caller.
 */
export function getBaggageTrackingId(): TrackingId | undefined {
  const id = attempt(() => propagation.getBaggage(activeContext())?.getEntry(ATTR_TRACKING_ID)?.value).value
  return isTrackingId(id) ? id : undefined
}
