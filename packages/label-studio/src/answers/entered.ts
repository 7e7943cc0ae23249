import { isRecord, MAX_TEXT_LENGTH } from '@groundtrace/core'
import type { AnswerFault } from './answer.ts'
import type { Entry } from './controls-of.ts'

/** What a terminal or an editor may obey: control characters but for line ends and tabs, and what turns text around. */
const OBEYED = /[^\P{Cc}\n\t]|\p{Cf}/gu

const field = (entry: Entry, type: string, name: string): unknown =>
  entry.type === type && isRecord(entry.value) && Object.hasOwn(entry.value, name) ? entry.value[name] : undefined

/** The one choice that was made. */
export function choiceOf(entry: Entry | undefined, faults: Set<AnswerFault>): string | undefined {
  if (entry === undefined) return undefined
  const choices = field(entry, 'choices', 'choices')
  if (!Array.isArray(choices) || !choices.every((choice) => typeof choice === 'string')) {
    faults.add('malformed')
    return undefined
  }
  if (choices.length > 1) faults.add('several-choices')
  return choices.length === 1 ? choices[0] : undefined
}

/** The number that was entered. */
export function numberOf(entry: Entry | undefined, faults: Set<AnswerFault>): number | undefined {
  if (entry === undefined) return undefined
  const number = field(entry, 'number', 'number')
  if (typeof number === 'number' && Number.isFinite(number)) return number
  faults.add('malformed')
  return undefined
}

/** The words that were entered, without what a terminal would obey. */
export function wordsOf(entry: Entry | undefined, faults: Set<AnswerFault>): string | undefined {
  if (entry === undefined) return undefined
  const given = field(entry, 'textarea', 'text')
  const texts = typeof given === 'string' ? [given] : given
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string')) {
    faults.add('malformed')
    return undefined
  }
  if (texts.reduce((sum, text) => sum + text.length + 1, 0) > MAX_TEXT_LENGTH) {
    faults.add('too-large')
    return undefined
  }
  const words = texts.join('\n').toWellFormed().replaceAll(OBEYED, '').trim()
  return words === '' ? undefined : words
}
