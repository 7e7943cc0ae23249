/** The thing that all questions are asked about: the first of what is shown. */
export const ITEM = 'item'
/** The label. */
export const ANSWER = 'answer'
/** The box to tick when a task is unclear, and the one value it has. */
export const UNCLEAR = 'unclear'
/** What is unclear about it, in words. */
export const UNCLEAR_NOTE = 'unclear_note'
/** Filled in by the page itself: the version of the guidelines that it shows. */
export const GUIDELINES = 'guidelines'

const SHARE = 'share_'

const utf8 = new TextEncoder()

/**
 * What share of people will choose this class? The name is the class in letters and digits, all else as `_` and its bytes
 * in hex: it stays when classes are added or put in another order, and no two classes share one.
 */
export function shareControl(label: string): string {
  const name = label.replaceAll(/[^A-Za-z0-9]/gu, (character) =>
    Array.from(utf8.encode(character), (byte) => `_${byte.toString(16).padStart(2, '0')}`).join(''),
  )
  return SHARE + name
}
