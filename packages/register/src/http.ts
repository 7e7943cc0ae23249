export { createReceiver, type Receiver } from './http/receiver.ts'
export { type ReceiverCounts } from './http/receiver-counts.ts'
export { type ReceiverOptions } from './http/receiver-options.ts'
export { nodeListener } from './http/node-listener.ts'
