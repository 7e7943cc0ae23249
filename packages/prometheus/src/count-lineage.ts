import type { Count, LineageKind, LineageLine } from '@groundtrace/core'
import { Tally } from './tally.ts'

type Counting = { readonly [K in LineageKind]: (tally: Tally, line: LineageLine & { kind: K }) => void }

const COUNTING: Counting = {
  'data-set-made': (tally, { task, role, dataSet, members }) =>
    tally.add('groundtrace_data_set_examples', { task, role, data_set: dataSet }, members.length),
  'retraining-asked': (tally, { model, trigger }) =>
    tally.add('groundtrace_retrainings_asked_total', { model, trigger }),
  'version-trained': (tally, { model, version, trainedOn, validatedOn }) => {
    tally.add('groundtrace_version_info', { model, version, role: 'training', data_set: trainedOn })
    if (validatedOn === undefined) return
    tally.add('groundtrace_version_info', { model, version, role: 'validation', data_set: validatedOn })
  },
  'gate-decided': (tally, { model, verdict }) =>
    tally.add('groundtrace_gate_decisions_total', { model, decision: verdict }),
  'version-deployed': (tally, { model, version }) => {
    tally.add('groundtrace_deployments_total', { model, version })
    // Live versions are deployments minus retirements, so both series must be there.
    tally.add('groundtrace_retirements_total', { model, version }, 0)
  },
  'version-retired': (tally, { model, version }) => {
    tally.add('groundtrace_deployments_total', { model, version }, 0)
    tally.add('groundtrace_retirements_total', { model, version })
  },
  // Apart: a version that was seen first may be declared deployed later, and is not live twice.
  'version-seen': (tally, { model, version }) => tally.add('groundtrace_versions_seen_total', { model, version }),
}

function countLine<K extends LineageKind>(tally: Tally, line: LineageLine & { kind: K }): void {
  const count: Counting[K] = COUNTING[line.kind]
  count(tally, line)
}

/** What the lineage lines of a page add to the counts. Pure. */
export function countLineage(lines: readonly LineageLine[]): readonly Count[] {
  const tally = new Tally()
  for (const line of lines) countLine(tally, line)
  return tally.counts()
}
