import { PredictionInstrumentation } from '@groundtrace/instrumentation'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { register } from 'node:module'
import config from './groundtrace.config.ts'
import { predict } from './predictions.ts'

/**
 * `node registered.ts <server> <model file> <registerInstrumentations|NodeSDK>`: a service that sets up OpenTelemetry in
 * code, before it loads its libraries.
 */
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url)
const instrumentation = new PredictionInstrumentation(config)
const isRegistered = process.argv[4] === 'registerInstrumentations'
const sdk = new NodeSDK({ instrumentations: isRegistered ? [] : [instrumentation] })
sdk.start()
const unregister = isRegistered
  ? registerInstrumentations({ instrumentations: [instrumentation] })
  : (): void => instrumentation.disable()

const { default: OpenAI } = await import('openai')
const ort = await import('onnxruntime-node')
const tracked = await predict(OpenAI, ort)
unregister()
const untracked = await predict(OpenAI, ort)
await Promise.all([sdk.shutdown(), config.pipeline?.shutdown()])
process.stdout.write(JSON.stringify({ tracked, untracked }))
