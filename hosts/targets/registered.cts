/* The same as `registered.ts`, in CommonJS, as many services still are. */
const { PredictionInstrumentation } = require('@groundtrace/instrumentation')
const { registerInstrumentations } = require('@opentelemetry/instrumentation')
const { NodeSDK } = require('@opentelemetry/sdk-node')
const { default: config } = require('./groundtrace.config.ts')
const { predict } = require('./predictions.ts')

const instrumentation = new PredictionInstrumentation(config)
const isRegistered = process.argv[4] === 'registerInstrumentations'
const sdk = new NodeSDK({ instrumentations: isRegistered ? [] : [instrumentation] })
sdk.start()
const unregister = isRegistered
  ? registerInstrumentations({ instrumentations: [instrumentation] })
  : (): void => instrumentation.disable()

async function main(): Promise<void> {
  const OpenAI = require('openai')
  const ort = require('onnxruntime-node')
  const tracked = await predict(OpenAI, ort)
  unregister()
  const untracked = await predict(OpenAI, ort)
  await Promise.all([sdk.shutdown(), config.pipeline.shutdown()])
  process.stdout.write(JSON.stringify({ tracked, untracked }))
}

void main()
