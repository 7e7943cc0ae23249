import { createRequire } from 'node:module'
import { PredictionInstrumentation } from '@groundtrace/instrumentation'
import {
  openMailService,
  type MailService,
  type MailServiceOptions,
} from '../../examples/mail-triage/src/mail-service.ts'
import { trackingOf } from '../../examples/mail-triage/src/tracking.ts'

/**
 * What `npm start` does with `--import`, but in this process: an instrumentation sees a library when it is required for the
 * first time, and what it patches is patched for who imported it before. One for all services, since that comes once.
 */
const instrumentation = new PredictionInstrumentation()
createRequire(import.meta.url)('onnxruntime-node')
instrumentation.disable()

/** Opens the mail service, tracked from outside until it is closed. One at a time. */
export function openTrackedMailService(options: MailServiceOptions): MailService {
  const service = openMailService(options)
  instrumentation.setConfig(trackingOf(service))
  instrumentation.enable()
  return {
    ...service,
    async close() {
      instrumentation.disable()
      await service.close()
    },
  }
}
