/**
 * Multiplies what is in `products`, one a truth, by the rows of a table that start at the cells of some answers. Four truths
 * at a time: the cell of an answer is then looked up once for four of them, and their products do not wait for each other.
 */
export function multiplyRows(
  products: Float64Array,
  table: Float64Array,
  cells: Int32Array,
  from: number,
  to: number,
): void {
  let truth = 0
  for (; truth + 4 <= products.length; truth += 4) {
    let a = products[truth] ?? 0
    let b = products[truth + 1] ?? 0
    let c = products[truth + 2] ?? 0
    let d = products[truth + 3] ?? 0
    for (let place = from; place < to; place += 1) {
      const cell = (cells[place] ?? 0) + truth
      a *= table[cell] ?? 0
      b *= table[cell + 1] ?? 0
      c *= table[cell + 2] ?? 0
      d *= table[cell + 3] ?? 0
    }
    products[truth] = a
    products[truth + 1] = b
    products[truth + 2] = c
    products[truth + 3] = d
  }
  for (; truth < products.length; truth += 1) {
    let product = products[truth] ?? 0
    for (let place = from; place < to; place += 1) product *= table[(cells[place] ?? 0) + truth] ?? 0
    products[truth] = product
  }
}

/** Adds amounts, one a truth, to the rows of a table that start at the cells of some answers; four at a time likewise. */
export function addToRows(
  table: Float64Array,
  amounts: Float64Array,
  cells: Int32Array,
  from: number,
  to: number,
): void {
  let truth = 0
  for (; truth + 4 <= amounts.length; truth += 4) {
    const a = amounts[truth] ?? 0
    const b = amounts[truth + 1] ?? 0
    const c = amounts[truth + 2] ?? 0
    const d = amounts[truth + 3] ?? 0
    for (let place = from; place < to; place += 1) {
      const cell = (cells[place] ?? 0) + truth
      table[cell] = (table[cell] ?? 0) + a
      table[cell + 1] = (table[cell + 1] ?? 0) + b
      table[cell + 2] = (table[cell + 2] ?? 0) + c
      table[cell + 3] = (table[cell + 3] ?? 0) + d
    }
  }
  for (; truth < amounts.length; truth += 1) {
    const amount = amounts[truth] ?? 0
    for (let place = from; place < to; place += 1) {
      const cell = (cells[place] ?? 0) + truth
      table[cell] = (table[cell] ?? 0) + amount
    }
  }
}
