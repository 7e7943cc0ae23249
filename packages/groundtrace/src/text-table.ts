/** Rows for a person, printed as they come: columns grow with what was printed, so that no row is held back. */
export interface TextTable {
  /** The next rows, each with its line end; before the first ones the headings. Empty for no rows. */
  rows(cells: readonly (readonly string[])[]): string
}

/** Cells must be safe to print: see `oneLine`. @param headings of the columns */
export function textTable(headings: readonly string[]): TextTable {
  const widths = headings.map((heading) => heading.length)
  let printed = false

  const line = (cells: readonly string[]): string =>
    `${cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()}\n`

  return {
    rows(cells) {
      if (cells.length === 0) return ''
      for (const row of cells) {
        for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length)
      }
      const all = printed ? cells : [headings, ...cells]
      printed = true
      return all.map(line).join('')
    },
  }
}
