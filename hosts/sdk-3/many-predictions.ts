import { createInterface } from 'node:readline'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'

// A service on SDK 3.x that knows nothing of ours: `node many-predictions.ts <how many>`. It makes so many predictions for
// each line that it reads, numbered on, and says when the exporter was answered.
const count = Number(process.argv[2])
const provider = new LoggerProvider({
  processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter(), maxExportBatchSize: 25 })],
})
const logger = provider.getLogger('service')

let number = 0
for await (const _ of createInterface(process.stdin)) {
  for (let end = number + count; number < end;) {
    number += 1
    logger.emit({
      eventName: 'groundtrace.prediction',
      timestamp: 1_700_000_000_000 + number,
      attributes: {
        'groundtrace.tracking_id': `${'f'.repeat(32)}-${number.toString(16).padStart(16, '0')}`,
        'groundtrace.task.name': 'spam',
        'groundtrace.task.kind': 'binary',
        'groundtrace.task.classes': ['ham', 'spam'],
        'groundtrace.model.name': 'filter',
        'groundtrace.model.version': '1',
        'groundtrace.prediction.value': number % 2 === 0 ? 'ham' : 'spam',
        'groundtrace.prediction.features': { number },
      },
    })
  }
  await provider.forceFlush()
  process.stdout.write(`${number}\n`)
}
await provider.shutdown()
