import type { Ledger } from '@groundtrace/core'
import type { Answer, Driver } from '../checked-register.ts'
import type { Judgement } from '../receipt.ts'
import type { CursorMove, CursorPage } from './cursors.ts'
import type { PredictionLines } from './prediction-lines.ts'

/** What a store does, in this thread or in another: it takes lines that are written already, and moves cursors in two steps. */
export type StoreDriver = Omit<Driver, 'appendPredictions' | 'advance'> & {
  /** One judgement a line, in order. */
  appendLines(lines: PredictionLines): Answer<readonly Judgement[]>
  cursorPage<L extends Ledger>(cursor: string, ledger: L, limit: number): Answer<CursorPage<L>>
  moveCursor(move: CursorMove): Answer<boolean>
}
