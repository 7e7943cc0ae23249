/** A share in percent, with one decimal unless told otherwise; “–” where it is not known. */
export function percent(share: number | null | undefined, decimals = 1): string {
  return share === null || share === undefined ? '–' : `${(share * 100).toFixed(decimals)} %`
}

/** How far two shares lie apart, in points of percent. */
export function points(one: number, other: number): string {
  return `${Math.abs((one - other) * 100).toFixed(1)} points`
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

/** A whole number, its thousands apart. */
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

/** A text in lines of so many columns at most, where its words allow it; lines after the first are indented. */
export function wrapped(text: string, columns: number, indent = ''): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = `${indent}${word}`
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join('\n')
}
