import type { Receipt } from '@groundtrace/core'
import { readBatch } from '../batch.ts'
import type { Intake, Protocol } from '../http/intake.ts'
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
export function logsProtocol({ settings, counter, losses, lines }: Intake): Protocol {
  const { register, tasks, maxRecordBytes, onDiagnostic } = settings

  function count(receipts: readonly Receipt[], faults: Faults, lostAs: string | undefined): void {
    for (const { status, reason } of receipts) {
      counter.lines(status)
      if (status !== 'conflict' && status !== 'rejected') continue
      faults.add(reason, lostAs === undefined ? undefined : `${lostAs}-${status}`)
    }
  }

  return {
    expect: (request) => void expectEncoding(encodingOf(request)),
    refuse: (request, refusal) => refused(encodingOf(request) ?? 'json', refusal),
    async store(request, body) {
      const encoding = expectEncoding(encodingOf(request))
      const { events, faults, ignored } = READERS[encoding](body, maxRecordBytes)
      const batch = readBatch(events, tasks, (reason, error) => faults.add(error, reason))
      const rejected = faults.count
      const receipts = await lines.append(batch)
      // Counted only now: whoever is told to send all of it again loses nothing.
      counter.lines('ignored', ignored)
      counter.lines('rejected', rejected)
      count(receipts.predictions, faults, 'prediction')
      count(receipts.deployments, faults, 'deployment')
      // The register itself keeps count of the feedback that it refused.
      count(receipts.feedback, faults, undefined)
      for (const [reason, { lines: some, last }] of faults.lost) losses.lose(reason, some, last)
      losses.tell(onDiagnostic)
      await losses.record(register)
      return accepted(encoding, { rejected: faults.count, message: String(faults) })
    },
  }
}
