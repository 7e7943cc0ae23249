import type { ProjectTruth, TruthReport } from './truth-report.ts'

const REASONS: Readonly<Record<string, string>> = {
  'no-answers': 'nobody has answered',
  'too-few-answers': 'too few answers to settle anything',
  'no-agreement': 'too few annotators say the same',
  tied: 'two labels have the most answers',
  'no-posterior': 'too little data to know how good the annotators are',
  'low-posterior': 'no label is probable enough',
  'shares-missing': 'too few said what share of people will choose each class',
  'groups-missing': 'a declared group has not answered',
  unclear: 'flagged as unclear',
  'groups-disagree': 'a group says otherwise than all together',
  'rules-disagree': 'annotators agree on another label than the model is sure of',
  'experts-disagree': 'experts disagree',
}

function howSettled({ agreement, posterior, surprise }: ProjectTruth['settledBy']): string {
  const surprises = surprise === 0 ? '' : `, ${surprise} as surprisingly popular`
  return `${agreement} by agreement, ${posterior} by posterior${surprises}`
}

function projectLines(truth: ProjectTruth): readonly string[] {
  const { project, units, settled, settledBy, open, contentious, why, missingGroups, lines } = truth
  return [
    `Truth in ${project}: of ${units} answered units ${settled} settled (${howSettled(settledBy)}), ${open} open, ${contentious} contentious`,
    ...Object.entries(why).map(([reason, count]) => `  ${count}: ${REASONS[reason] ?? reason}`),
    ...Object.entries(missingGroups).map(([group, count]) => `  ${count}: not answered by group ${group}`),
    `  register: ${lines.annotation} labels said, ${lines.retraction} taken back`,
  ]
}

/** The report as plain text. */
export function truthReportText({ crowd, expert, consensus }: TruthReport): string {
  const fit =
    consensus?.converged === undefined
      ? []
      : [
          `  put together by ${consensus.method} (version ${consensus.version}), ${consensus.iterations} iterations, ${consensus.converged ? 'converged' : 'not converged'}`,
        ]
  const flaws = Object.entries(consensus?.flawed ?? {}).map(([method, flaw]) => `  ${method} was left out: ${flaw}`)
  return [
    ...(crowd === undefined ? [] : [...projectLines(crowd), ...fit, ...flaws]),
    ...(expert === undefined ? [] : projectLines(expert)),
    '',
  ].join('\n')
}
