import type { Store } from './store.ts'

/** Positions of a block. */
export const BLOCK = 512

export interface DueRow {
  readonly position: number
  /** Milliseconds since 1970. */
  readonly horizon: number
}

/**
 * When the next prediction of each block of positions is due. An index of all horizons would be a second row for every
 * prediction; this is one for every few hundred, and looking through a block takes some ten microseconds.
 */
export interface OpenBlocks {
  /** A prediction is open. */
  add(position: number, horizon: number): void
  /** The earliest horizon of an open prediction, if that is at a time or before. */
  earliest(atMost: number): number | undefined
  /** What is due in the block whose time came first, in order of horizon; none when nothing is due. */
  due(now: number, limit: number): readonly DueRow[]
  /** Predictions of the block of this position were closed. */
  settle(position: number): void
}

const horizonOf = 'time + horizon_seconds * 1000'

const blockOf = (position: number): number => Math.floor(position / BLOCK)
const range = (block: number): [number, number] => [block * BLOCK, block * BLOCK + BLOCK - 1]

export function openBlocks(store: Store): OpenBlocks {
  const put = store.prepare(`
    INSERT INTO open_blocks (block, earliest) VALUES (?, ?)
    ON CONFLICT (block) DO UPDATE SET earliest = min(earliest, excluded.earliest)`)
  const selectFirst = store.prepare(
    'SELECT block, earliest FROM open_blocks WHERE earliest <= ? ORDER BY earliest, block LIMIT 1',
  )
  const selectDue = store.prepare(`
    SELECT position, ${horizonOf} AS horizon FROM predictions
    WHERE position BETWEEN ? AND ? AND closed = 0 AND ${horizonOf} <= ? ORDER BY horizon, position LIMIT ?`)
  const selectEarliest = store.prepare(`
    SELECT min(${horizonOf}) AS earliest FROM predictions WHERE position BETWEEN ? AND ? AND closed = 0`)
  const update = store.prepare('UPDATE open_blocks SET earliest = ? WHERE block = ?')
  const remove = store.prepare('DELETE FROM open_blocks WHERE block = ?')

  const pending = new Map<number, number>()
  store.onStale(() => pending.clear())
  store.beforeCommit(() => {
    for (const [block, horizon] of pending) put.run(block, horizon)
    pending.clear()
  })

  function look(block: number): void {
    const earliest = selectEarliest.get(...range(block))?.['earliest'] as number | null
    if (earliest === null) remove.run(block)
    else update.run(earliest, block)
  }

  const first = (now: number): { block: number; earliest: number } | undefined =>
    selectFirst.get(now) as { block: number; earliest: number } | undefined

  return {
    add(position, horizon) {
      const block = blockOf(position)
      pending.set(block, Math.min(pending.get(block) ?? horizon, horizon))
    },
    earliest: (atMost) => first(atMost)?.earliest,
    due(now, limit) {
      for (;;) {
        const found = first(now)
        if (found === undefined) return []
        const rows = selectDue.all(...range(found.block), now, limit) as unknown as DueRow[]
        if (rows.length > 0) return rows
        // What was due is gone: somebody took it out of the file by hand. Nothing behind it must wait for it.
        look(found.block)
      }
    },
    settle: (position) => look(blockOf(position)),
  }
}
