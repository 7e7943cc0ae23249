import { LabelStudioError } from './error.ts'
import { canonicalTime } from './server-time.ts'

/**
 * Takes a value out of an answer, or throws.
 * @param where the value stands, for the message
 * @throws LabelStudioError `invalid-answer`
 */
export type Read<T> = (value: unknown, where: string) => T

export type Fields = Readonly<Record<string, unknown>>

/** What a value is, without what it says: that may be a secret or a person's. */
function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return value === undefined ? 'missing' : `a value of the type ${typeof value}`
}

function wrong(value: unknown, where: string, expected: string): LabelStudioError {
  return new LabelStudioError(
    'invalid-answer',
    `In the answer of Label Studio, ${where} is ${kindOf(value)} and not ${expected}`,
    'Check that the address leads to Label Studio 1.23 and to nothing in between',
  )
}

export const readFields: Read<Fields> = (value, where) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(value, where, 'an object')
  return value as Fields
}

/** Reads the fields of an object by name, each with where it is. @throws LabelStudioError `invalid-answer` for no object */
export function fieldTaker(value: unknown, where: string): <T>(read: Read<T>, name: string) => T {
  const fields = readFields(value, where)
  return (read, name) => read(fields[name], `${where}.${name}`)
}

export const readText: Read<string> = (value, where) => {
  if (typeof value !== 'string') throw wrong(value, where, 'a text')
  return value
}

export const readBoolean: Read<boolean> = (value, where) => {
  if (typeof value !== 'boolean') throw wrong(value, where, 'true or false')
  return value
}

/** An ID or a count. */
export const readWhole: Read<number> = (value, where) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw wrong(value, where, 'a whole number')
  return value
}

export const readNumber: Read<number> = (value, where) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(value, where, 'a number')
  return value
}

export const readTime: Read<string> = (value, where) => {
  const time = canonicalTime(readText(value, where))
  if (time === undefined) throw wrong(value, where, 'a time in UTC')
  return time
}

/** Null and what is missing are the same to the server. */
export const optional =
  <T>(read: Read<T>): Read<T | undefined> =>
  (value, where) =>
    value === null || value === undefined ? undefined : read(value, where)

/** Where the server has null for nothing. */
export const orElse =
  <T>(read: Read<T>, other: T): Read<T> =>
  (value, where) =>
    value === null || value === undefined ? other : read(value, where)

export const listOf =
  <T>(read: Read<T>): Read<readonly T[]> =>
  (value, where) => {
    if (!Array.isArray(value)) throw wrong(value, where, 'a list')
    return value.map((item: unknown, index) => read(item, `${where}[${index}]`))
  }

/** A list of whatever. */
export const readList: Read<readonly unknown[]> = listOf((item) => item)

/** One of these words; another release of the server may have more. */
export const oneOf =
  <T extends string>(words: readonly T[]): Read<T> =>
  (value, where) => {
    const word = words.find((known) => known === value)
    if (word === undefined) throw wrong(value, where, `one of ${words.join(', ')}`)
    return word
  }
