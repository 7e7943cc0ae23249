/** What an examination of a register found of one thing. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string
  readonly ok: boolean
  /** What was found; where it is not ok, the cause. */
  readonly found: string
  /** What to do, where it is not ok. */
  readonly nextStep?: string
}

export const good = (check: string, found: string): Finding => ({ check, ok: true, found })

export const bad = (check: string, found: string, nextStep: string): Finding => ({ check, ok: false, found, nextStep })

/** What to do where lines of the ledgers don't fit together any more. */
export const RESTORE =
  'Keep a copy of the register as it is, and restore the newest backup in which groundtrace doctor finds nothing wrong'

/** A check of rows of which none may be wrong. */
export interface RowCheck {
  readonly check: string
  /** Gives one row: `wrong`, how many; `example`, one of them or NULL. */
  readonly sql: string
  /** What it says when none is wrong. */
  readonly fine: string
  /** What is wrong of those that are. */
  readonly fault: string
}

export interface RowCheckAnswer {
  readonly wrong: number
  readonly example: string | number | null
}

const figure = (number: number): string => number.toLocaleString('en-US')

export function rowFinding({ check, fine, fault }: RowCheck, { wrong, example }: RowCheckAnswer): Finding {
  if (wrong === 0) return good(check, fine)
  return bad(check, `${figure(wrong)} ${fault}${example === null ? '' : `, such as ${example}`}`, RESTORE)
}

export function lossFinding(losses: readonly { readonly reason: string; readonly lines: number }[]): Finding {
  if (losses.length === 0) return good('losses', 'none')
  // They stay in the book for ever; what is lost now is for the metrics to tell.
  return good('losses', `so far ${losses.map(({ reason, lines }) => `${figure(lines)} ${reason}`).join(', ')}`)
}

/** How long after its horizon a prediction may be open, in milliseconds: whoever closes them comes round every minute. */
export const OVERDUE_MS = 10 * 60_000

/** @param oldest horizon of those that are overdue */
export function overdueFinding(overdue: number, oldest: number | null): Finding {
  if (overdue === 0 || oldest === null) return good('horizons', 'none is overdue')
  return bad(
    'horizons',
    `${figure(overdue)} predictions are past their horizon and not closed, since ${new Date(oldest).toISOString()}`,
    'Run groundtrace serve, or let one service call closeHorizons every minute',
  )
}

/** Figures that are kept by addition, against what is counted, both by name of the tally. What was pruned stays counted. */
export function tallyFinding(counted: ReadonlyMap<string, number>, kept: ReadonlyMap<string, number>): Finding {
  const wrong = [...counted].flatMap(([name, rows]) => {
    const says = kept.get(name) ?? 0
    const should = rows + (kept.get(`pruned.${name}`) ?? 0)
    return says === should ? [] : [`${name} says ${figure(says)}, and there are ${figure(should)}`]
  })
  if (wrong.length === 0) return good('tallies', 'equal to what is counted')
  return bad(
    'tallies',
    wrong.join('; '),
    'Totals, and metrics made of them, are off by so much, lines are not; restore a backup where they must be exact',
  )
}
