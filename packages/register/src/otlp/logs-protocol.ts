import type { Receipt } from '@groundtrace/core'
import { readBatch } from '../batch.ts'
import type { Intake, Protocol } from '../http/intake.ts'
import { storeLines } from '../http/store-lines.ts'
import { accepted, refused } from './answer.ts'
import { encodingOf, expectEncoding, type Encoding } from './encoding.ts'
import type { Faults } from './faults.ts'
import { readJsonLogs } from './json-logs.ts'
import { readProtobufLogs } from './protobuf-logs.ts'
import type { Records } from './records.ts'

const READERS: Readonly<Record<Encoding, (body: Uint8Array, maxRecordBytes: number) => Records>> = {
  protobuf: readProtobufLogs,
  json: readJsonLogs,
}

/** OTLP/HTTP for logs. Bad records are named in the partial success, those beside them are stored. */
export function logsProtocol({ settings, counter, losses }: Intake): Protocol {
  const { register, tasks, maxRecordBytes, onDiagnostic } = settings

  function count(receipts: readonly Receipt[], faults: Faults, onRefused: (receipt: Receipt) => void): void {
    for (const receipt of receipts) {
      counter.lines(receipt.status)
      if (receipt.status !== 'conflict' && receipt.status !== 'rejected') continue
      faults.add(receipt.reason)
      onRefused(receipt)
    }
  }

  return {
    expect: (request) => void expectEncoding(encodingOf(request)),
    refuse: (request, refusal) => refused(encodingOf(request) ?? 'json', refusal),
    async store(request, body) {
      const encoding = expectEncoding(encodingOf(request))
      const { events, faults, ignored } = READERS[encoding](body, maxRecordBytes)
      if (faults.count > 0) losses.lose('invalid-event', faults.count, String(faults))
      const batch = readBatch(events, tasks, (reason, error) => {
        faults.add(error)
        losses.lose(reason, 1, error)
      })
      counter.lines('ignored', ignored)
      counter.lines('rejected', faults.count)
      const receipts = await storeLines(register, batch)
      const lose = (what: string) => (receipt: Receipt) => losses.lose(`${what}-${receipt.status}`, 1, receipt.reason)
      count(receipts.predictions, faults, lose('prediction'))
      count(receipts.deployments, faults, lose('deployment'))
      // The register itself keeps count of the feedback that it refused.
      count(receipts.feedback, faults, () => undefined)
      losses.tell(onDiagnostic)
      await losses.record(register)
      return accepted(encoding, { rejected: faults.count, message: String(faults) })
    },
  }
}
