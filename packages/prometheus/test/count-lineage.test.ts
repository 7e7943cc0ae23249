import type { LineageEvent } from '@groundtrace/core'
import { expect, test } from 'vitest'
import { countLineage } from '@groundtrace/prometheus'
import { id, lineage } from './lines.ts'

const hash = '0'.repeat(64)
const member = { example: id(1), prediction: id(1), feedback: [id(2)] }
const count = (...events: readonly LineageEvent[]) => countLineage(events.map((event) => lineage(event)))

test('a data set counts its examples', () => {
  const made = {
    kind: 'data-set-made',
    dataSet: 'd1',
    role: 'training',
    task: 'spam',
    hash,
    members: [member, member],
  } as const
  expect(count(made)).toEqual([
    { name: 'groundtrace_data_set_examples', labels: { task: 'spam', role: 'training', data_set: 'd1' }, value: 2 },
  ])
})

test('a version says which data sets it comes from', () => {
  const name = 'groundtrace_version_info'
  expect(count({ kind: 'version-trained', model: 'f', version: 'v2', trainedOn: 'd1', validatedOn: 'd2' })).toEqual([
    { name, labels: { model: 'f', version: 'v2', role: 'training', data_set: 'd1' }, value: 1 },
    { name, labels: { model: 'f', version: 'v2', role: 'validation', data_set: 'd2' }, value: 1 },
  ])
  expect(count({ kind: 'version-trained', model: 'f', version: 'v1', trainedOn: 'd1' })).toHaveLength(1)
})

test('live versions are deployments minus retirements, also after a rollback', () => {
  const reason = 'because'
  const counts = count(
    { kind: 'version-deployed', model: 'f', version: 'v1', reason },
    { kind: 'version-deployed', model: 'f', version: 'v2', reason },
    { kind: 'version-retired', model: 'f', version: 'v1', reason },
    { kind: 'version-deployed', model: 'f', version: 'v1', reason },
    { kind: 'version-retired', model: 'f', version: 'v2', reason },
  )
  const live = (version: string): number =>
    counts
      .filter(({ labels }) => labels['version'] === version)
      .reduce((sum, { name, value }) => sum + (name === 'groundtrace_deployments_total' ? value : -value), 0)
  expect([live('v1'), live('v2')]).toEqual([1, 0])
  // Both series of each version are there, or their difference would be no value in PromQL.
  expect(counts).toHaveLength(4)
})

test('a version that was seen is one of its own, so that declaring it afterwards does not make it live twice', () => {
  const seen = { kind: 'version-seen', model: 'f', version: 'v2', previous: 'v1' } as const
  const labels = { model: 'f', version: 'v2' }
  expect(count(seen)).toEqual([{ name: 'groundtrace_versions_seen_total', labels, value: 1 }])
  expect(count(seen, { kind: 'version-deployed', model: 'f', version: 'v2', reason: 'gate' })).toEqual([
    { name: 'groundtrace_versions_seen_total', labels, value: 1 },
    { name: 'groundtrace_deployments_total', labels, value: 1 },
    { name: 'groundtrace_retirements_total', labels, value: 0 },
  ])
})

test('retrainings count by trigger, gate decisions by what was decided; their reasons are no label', () => {
  const counts = count(
    { kind: 'retraining-asked', model: 'f', trigger: 'volume', reason: 'mail of ann@example.org' },
    { kind: 'retraining-asked', model: 'f', trigger: 'drift', reason: 'x' },
    { kind: 'retraining-asked', model: 'f', trigger: 'drift', reason: 'y' },
    { kind: 'gate-decided', model: 'f', candidate: 'v2', champion: 'v1', verdict: 'keep', reason: 'z' },
  )
  expect(counts).toEqual([
    { name: 'groundtrace_retrainings_asked_total', labels: { model: 'f', trigger: 'volume' }, value: 1 },
    { name: 'groundtrace_retrainings_asked_total', labels: { model: 'f', trigger: 'drift' }, value: 2 },
    { name: 'groundtrace_gate_decisions_total', labels: { model: 'f', decision: 'keep' }, value: 1 },
  ])
})
