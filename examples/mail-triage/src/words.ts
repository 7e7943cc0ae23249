/** A share in percent, one decimal; “–” where it is not known. */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? '–' : `${(share * 100).toFixed(1)} %`
}

/** An interval of shares. */
export function percentInterval(interval: readonly [low: number, high: number] | null | undefined): string {
  return interval === null || interval === undefined
    ? ''
    : `${(interval[0] * 100).toFixed(1)}–${(interval[1] * 100).toFixed(1)} %`
}

/** A moment as its day in UTC. */
export function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

/** A whole number with thin groups. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** Rows in columns: the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
