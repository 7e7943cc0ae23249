import { LabelStudioError } from './error.ts'
import { canonicalTime } from './server-time.ts'

/** @throws LabelStudioError `invalid-argument` for what can't be an ID of the server's */
export function checkedId(id: unknown, what: string): number {
  if (typeof id === 'number' && Number.isSafeInteger(id) && id > 0) return id
  const cause = `The ID of the ${what} is ${typeof id === 'number' ? id : `a value of the type ${typeof id}`}`
  throw new LabelStudioError('invalid-argument', cause, "Give the server's number, from 1 on")
}

/** @throws LabelStudioError `invalid-argument` for what is no time in the server's form */
export function checkedTime(time: unknown): string {
  const canonical = typeof time === 'string' ? canonicalTime(time) : undefined
  if (canonical !== undefined) return canonical
  throw new LabelStudioError('invalid-argument', 'touchedFrom is no time', 'Give a time that the server gave, in UTC')
}

/** @throws LabelStudioError `invalid-argument` for what the server's filters don't take as a name */
export function checkedKey(key: unknown): string {
  if (typeof key === 'string' && /^[A-Za-z]\w*$/.test(key) && !key.includes('__')) return key
  throw new LabelStudioError(
    'invalid-argument',
    'The key of the data is no plain name',
    'Use letters, digits and single underscores',
  )
}
