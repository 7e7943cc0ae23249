import type { Feedback } from '@groundtrace/core'
import type { TruthPolicy } from '../../src/truth/truth-policy.ts'
import type { TruthWorld } from './truth-world.ts'

/** Two of a crowd settle a label, three at most are asked, then an expert. */
export const POLICY: TruthPolicy = {
  classes: ['ham', 'spam'],
  crowd: { project: 'crowd', agreeing: 2, maximum: 3 },
  expert: { project: 'expert' },
}

/** What lines of the register say, in short. */
export const said = (lines: readonly Feedback[]) =>
  lines.map((line) => ('label' in line ? `${line.source}: ${String(line.label)}` : `${line.source}: ${line.kind}`))

/** Annotators 1, 2, … give these labels. */
export function answers(world: TruthWorld, number: number, labels: readonly string[], project = 'crowd'): void {
  for (const [index, label] of labels.entries()) world.answer(project, number, index + 1, { label })
}
