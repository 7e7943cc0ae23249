import { defineTask } from '@groundtrace/core'
import { createPipeline, type PredictionInstrumentationConfig } from '@groundtrace/instrumentation'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs'

/** What the service declares: where events go, and what its models mean. It is read by `GROUNDTRACE_CONFIG`. */
const config: PredictionInstrumentationConfig = {
  pipeline: createPipeline({
    processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })],
    resource: { attributes: { 'service.name': 'targets' } },
    secret: 'a secret for tests, of 35 characters',
  }),
  onnxruntime: [
    {
      match: 'silero_vad_v5.onnx',
      task: defineTask({ name: 'speech', kind: 'binary', classes: ['silence', 'speech'] }),
      model: { name: 'silero', version: '5' },
      scores: 'output',
    },
  ],
  openai: [{ match: 'gpt-test', task: defineTask({ name: 'answer', kind: 'generation' }) }],
}

export default config
