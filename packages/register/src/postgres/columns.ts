/** Types of the columns that are written in bulk. */
export type ColumnType = 'text' | 'bigint' | 'integer' | 'double precision' | 'boolean'

export type Columns<Row> = Readonly<Record<string, readonly [type: ColumnType, value: (row: Row) => unknown]>>

/** A table of parameters: each column an array, so that a statement is the same for any number of rows. */
export interface Bulk<Row> {
  /** Names of the columns. */
  readonly names: string
  /** `FROM` item with these columns and `nth`, from 1. */
  readonly table: string
  values(rows: readonly Row[]): readonly unknown[]
  /** Number of the first parameter after these. */
  readonly next: number
}

/** @param first number of the first parameter */
export function bulk<Row>(columns: Columns<Row>, first = 1): Bulk<Row> {
  const names = Object.keys(columns).join(', ')
  const entries = Object.values(columns)
  const parameters = entries.map(([type], index) => `$${first + index}::${type}[]`).join(', ')
  return {
    names,
    table: `unnest(${parameters}) WITH ORDINALITY AS given (${names}, nth)`,
    next: first + entries.length,
    values: (rows) => entries.map(([, value]) => rows.map(value)),
  }
}
