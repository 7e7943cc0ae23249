import { closed, joined, lineage, prediction } from './lines.ts'
import { MemoryRegister } from './memory-register.ts'

/** A register with a little of everything. */
export function filled(): MemoryRegister {
  const register = new MemoryRegister()
  const spam = prediction({ value: 'spam', scores: { ham: 0.1, spam: 0.9 } })
  register.lines.predictions.push(spam, prediction({ scores: { ham: 0.95, spam: 0.05 } }))
  register.lines.feedback.push(joined({ time: 90_000 }, spam))
  register.lines.outcomes.push(closed(spam, { label: 'ham', correct: false }))
  register.lines.lineage.push(lineage({ kind: 'version-deployed', model: 'filter', version: 'v1', reason: 'first' }))
  register.said = {
    open: 3,
    nextHorizon: 1_767_225_600_500,
    feedback: { stored: 1, held: 0, orphaned: 2, duplicate: 4, conflict: 0, rejected: 1 },
    loss: { 'queue-full': 5 },
  }
  return register
}
