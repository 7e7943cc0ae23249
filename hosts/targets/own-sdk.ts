import { NodeSDK } from '@opentelemetry/sdk-node'

/** `node --import own-sdk.ts …`: a host that starts OpenTelemetry itself, and stops it. */
const sdk = new NodeSDK({ instrumentations: [] })
sdk.start()
process.once('beforeExit', () => void sdk.shutdown())
