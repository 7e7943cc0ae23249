import { StatisticsError } from './statistics-error.ts'
import { invalid, parseList, parseNumbers } from './parse.ts'
import { sum } from './sum.ts'

/** A checked confusion matrix, its cells scaled so that the total is the number of units that it is worth. */
export interface Confusion {
  readonly classes: readonly string[]
  /** Rows truth, columns predicted. */
  readonly cells: readonly (readonly number[])[]
  /** Per class: units that are of it, units predicted as it, units that are both. */
  readonly support: readonly number[]
  readonly predicted: readonly number[]
  readonly right: readonly number[]
  readonly total: number
}

/** @throws StatisticsError `invalid-argument`, `length-mismatch` */
export function parseConfusion(
  confusion: Iterable<Iterable<number>>,
  classes: Iterable<string> | undefined,
): Confusion {
  const cells = parseList(confusion, 'confusion').map((row, index) => parseNumbers(row, `confusion[${index}]`))
  const names = classes === undefined ? cells.map((_, index) => String(index)) : parseList(classes, 'classes')
  if (cells.length === 0) throw invalid('confusion', [], 'Pass one row and one column per class')
  const nextStep = 'Pass a square array with one row, one column and one name per class'
  if (names.length !== cells.length) {
    throw new StatisticsError('length-mismatch', `There are ${cells.length} rows and ${names.length} classes`, nextStep)
  }
  for (const [index, row] of cells.entries()) {
    if (row.length !== cells.length) {
      const cause = `Row ${index} of the confusion has ${row.length} columns, and there are ${cells.length} rows`
      throw new StatisticsError('length-mismatch', cause, nextStep)
    }
    const negative = row.findIndex((count) => count < 0)
    if (negative !== -1) {
      throw invalid(`confusion[${index}][${negative}]`, row[negative], 'Pass counts from 0 on')
    }
  }
  const nameless = names.find((name) => typeof name !== 'string')
  if (nameless !== undefined) throw invalid('A class', nameless, 'Pass names as text')
  if (new Set(names).size !== names.length) throw invalid('classes', names, 'Pass every class once')
  return tally(names, cells)
}

function tally(classes: readonly string[], cells: readonly (readonly number[])[]): Confusion {
  const support = cells.map((row) => sum(row))
  const predicted = classes.map((_, column) => sum(cells, (row) => row[column] ?? 0))
  const right = cells.map((row, index) => row[index] ?? 0)
  return { classes, cells, support, predicted, right, total: sum(support) }
}

/** The same confusion with every cell changed. */
export function mapCells(confusion: Confusion, change: (count: number) => number): Confusion {
  return tally(
    confusion.classes,
    confusion.cells.map((row) => row.map(change)),
  )
}
