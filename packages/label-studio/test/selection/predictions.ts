import { defineTask, formatTrackingId, type Prediction, type Register, type TrackingId } from '@groundtrace/core'

const spam = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })

export const idOf = (number: number): TrackingId =>
  formatTrackingId({ traceId: (number + 1).toString(16).padStart(32, '0'), spanId: 'b'.repeat(16) })

export function predictionOf(number: number, rest: Partial<Prediction> = {}): Prediction {
  return {
    id: idOf(number),
    task: spam,
    model: { name: 'filter', version: '1' },
    time: 0,
    value: number % 2 === 0 ? 'ham' : 'spam',
    ...rest,
  }
}

/** A predictions ledger in memory, with the one cursor that the register keeps of it. */
export class StubLedger implements Pick<Register, 'read' | 'advance' | 'outcomesOf'> {
  readonly lines: Prediction[] = []
  readonly settled = new Set<TrackingId>()
  acknowledged = 0

  read: Register['read'] = async (_, { after, limit = 1000 }) => {
    const lines = this.lines.slice(after, after + limit)
    return { lines, position: after + lines.length } as never
  }

  advance: Register['advance'] = async (_cursor, _ledger, _count, limit = 1000) => {
    const taken = Math.min(limit, this.lines.length - this.acknowledged)
    this.acknowledged += taken
    return taken
  }

  outcomesOf: Register['outcomesOf'] = async (id) =>
    this.settled.has(id)
      ? [
          {
            prediction: id,
            version: 1,
            phase: 'live',
            time: 0,
            state: 'settled',
            evidence: [],
          } as never,
        ]
      : []
}
