/** What is read of a tensor of ONNX Runtime. Its data is in `data`, unless it lies on a device or was disposed of. */
export interface Tensor {
  readonly type: string
  readonly dims: readonly number[]
  readonly data: ArrayLike<unknown>
}

/** One output as rows of columns; all dimensions after the first count as columns. */
export interface Rows {
  readonly rows: number
  readonly columns: number
  /** A number, a text, or a whole number that came as BigInt. @throws TypeError for what is neither */
  at(row: number, column: number): number | string
}

/** True for what has the shape of a tensor; its data may still be out of reach. */
function isTensor(value: unknown): value is Tensor {
  if (typeof value !== 'object' || value === null) return false
  const { type, dims } = value as Partial<Tensor>
  return typeof type === 'string' && Array.isArray(dims) && dims.every(isSize)
}

function isSize(dimension: unknown): boolean {
  return Number.isSafeInteger(dimension) && (dimension as number) >= 0
}

/**
 * Reads an output.
 * @param isList whether a tensor of one dimension is a list of rows rather than one row
 * @throws TypeError when it is no tensor of numbers or texts, or when its data is gone or on a device
 */
export function rowsOf(output: unknown, name: string, isList: boolean): Rows {
  if (!isTensor(output)) throw new TypeError(`Output ${name} is no tensor`)
  const { data, dims, type } = output
  const size = dims.reduce((product, dimension) => product * dimension, 1)
  // A detached buffer has length 0, whatever the dimensions say.
  if (data.length !== size) throw new TypeError(`Output ${name} has ${data.length} of ${size} values`)
  const rows = dims.length > 1 || (isList && dims.length === 1) ? (dims[0] ?? 1) : 1
  const columns = rows === 0 ? 0 : size / rows
  const isHalf = type === 'float16' && data instanceof Uint16Array
  return {
    rows,
    columns,
    at(row, column) {
      const value = data[row * columns + column]
      if (isHalf) return halfToNumber(value as number)
      if (typeof value === 'bigint') return Number(value)
      if (typeof value === 'boolean') return Number(value)
      if (typeof value === 'number' || typeof value === 'string') return value
      throw new TypeError(`Output ${name} of type ${type} holds neither numbers nor texts`)
    },
  }
}

/** IEEE 754 binary16 as older versions give it: its bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
