import { isName } from '@groundtrace/core'
import type { AnswerContent } from '../bridge/reading.ts'
import type { Answer, AnswerFault, AnswerForm } from './answer.ts'
import { ANSWER, GUIDELINES, shareControl, UNCLEAR, UNCLEAR_NOTE } from './control-names.ts'
import { controlsOf, type Entry } from './controls-of.ts'
import { choiceOf, wordsOf } from './entered.ts'
import { sharesOf } from './shares-of.ts'

function labelOf(entry: Entry | undefined, classes: ReadonlySet<string>, faults: Set<AnswerFault>): string | undefined {
  const label = choiceOf(entry, faults)
  if (label === undefined || classes.has(label)) return label
  faults.add('unknown-choice')
  return undefined
}

function isUnclear(entry: Entry | undefined, faults: Set<AnswerFault>): boolean {
  const choice = choiceOf(entry, faults)
  if (choice !== undefined && choice !== UNCLEAR) faults.add('unknown-choice')
  return choice === UNCLEAR
}

function versionOf(entry: Entry | undefined, faults: Set<AnswerFault>): string | undefined {
  const version = choiceOf(entry, faults)
  if (version === undefined || isName(version)) return version
  faults.add('malformed')
  return undefined
}

/**
 * Makes a reader of annotations that were answered in one form. It takes whatever the server took, which is everything,
 * and never throws: what can't be understood is left out, and the answer says so.
 */
export function answerReader({
  classes,
  shares: asksShares,
}: AnswerForm): (content: Pick<AnswerContent, 'result' | 'skipped'>) => Answer {
  const known = new Set(classes)
  const asked = new Set([ANSWER, UNCLEAR, UNCLEAR_NOTE, GUIDELINES, ...(asksShares ? classes.map(shareControl) : [])])

  return ({ result, skipped }) => {
    const faults = new Set<AnswerFault>()
    const controls = controlsOf(result, asked, faults)
    // What was entered before a task was skipped is no answer.
    const label = skipped ? undefined : labelOf(controls.get(ANSWER), known, faults)
    const shares = skipped || !asksShares ? undefined : sharesOf(classes, controls, faults)
    const unclear = isUnclear(controls.get(UNCLEAR), faults)
    const note = unclear ? wordsOf(controls.get(UNCLEAR_NOTE), faults) : undefined
    const guidelineVersion = versionOf(controls.get(GUIDELINES), faults)
    if (!skipped && label === undefined && !unclear) faults.add('no-label')
    return {
      ...(label !== undefined && { label }),
      ...(shares !== undefined && { shares }),
      unclear,
      ...(note !== undefined && { note }),
      ...(guidelineVersion !== undefined && { guidelineVersion }),
      faults: [...faults].toSorted(),
    }
  }
}
