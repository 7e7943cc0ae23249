import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { sendEvents } from '../sender.ts'

// A service on SDK 3.x that knows nothing of ours: `node sender.ts <protobuf|json> <prediction> <feedback>`. Where its
// events go is said by OpenTelemetry's own environment variables.
const [encoding, about = '', own = ''] = process.argv.slice(2)
const exporter = encoding === 'protobuf' ? new ProtobufExporter() : new JsonExporter()
const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] })
sendEvents(provider.getLogger('service'), about, own)
await provider.shutdown()
