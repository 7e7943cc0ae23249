/** Longest business key, pseudonym and class label that a ledger keeps, in UTF-16 units. */
export const MAX_KEY_LENGTH = 256

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** True for a bounded name that may become a metric label: letters, digits, `.`, `_`, `-`; 1 to 64, no punctuation first. */
export function isName(text: unknown): text is string {
  return typeof text === 'string' && NAME.test(text)
}

/**
 * True for a text of 1 to 256 characters that every ledger can keep and every record can be keyed by. Stores refuse
 * NUL and halves of surrogate pairs, or fold them into one; a record assigned under `__proto__` loses the entry.
 */
export function isKey(text: unknown): text is string {
  return (
    typeof text === 'string' &&
    text.length > 0 &&
    text.length <= MAX_KEY_LENGTH &&
    text !== '__proto__' &&
    !text.includes('\0') &&
    text.isWellFormed()
  )
}
