import type { LineageLine, Prediction } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { DAY, dataSetMade, id, prediction, START, statuses, TASKS, versionSeen, versionTrained } from './fixtures.ts'
import { over, type OpenRegister } from './under-test.ts'

/** The data set with the members of prediction 1 only. */
function withoutOthers(line: LineageLine): LineageLine {
  if (line.kind !== 'data-set-made') return line
  return { ...line, members: line.members.filter((member) => member.prediction === id(1)) }
}

const by = (number: number, version: string): Prediction => prediction(number, { model: { name: 'filter', version } })

function deployed(id: string, version: string): LineageLine {
  return { kind: 'version-deployed', id, time: START, model: 'filter', version, reason: 'promoted' }
}

/** Lineage: from a prediction to the data sets and versions made of it, and back. */
export function lineageCases(open: OpenRegister): void {
  describe('lineage', () => {
    it('leads from a prediction to its data sets, then to the versions made of them', () =>
      over(open, TASKS, async (register) => {
        const first = dataSetMade('d1', [
          [101, 1],
          [102, 2],
          [103, 1],
        ])
        const check = dataSetMade('d2', [[104, 1]], 'validation')
        const other = dataSetMade('d3', [[105, 3]])
        const lines = [first, check, other, versionTrained('v2', 'd1', 'd2'), versionTrained('v3', 'd3', 'd1')]
        expect(statuses(await register.appendLineage(lines))).toEqual(Array(5).fill('stored'))
        expect(await register.lineageOf(id(1))).toEqual([withoutOthers(first), check, lines[3], lines[4]])
        expect(await register.lineageOf(id(3))).toEqual([other, lines[4]])
        expect(await register.lineageOf(id(4))).toEqual([])
      }))

    it('gives a data set with all its members', () =>
      over(open, TASKS, async (register) => {
        const made = dataSetMade(
          'd1',
          Array.from({ length: 2000 }, (_, index) => [10_000 + index, index + 1] as const),
        )
        await register.appendLineage([made])
        expect(await register.dataSet('d1')).toEqual(made)
        expect(await register.dataSet('d2')).toBeUndefined()
      }))

    it('never reuses a version', () =>
      over(open, TASKS, async (register) => {
        await register.appendLineage([versionTrained('v2', 'd1')])
        const receipts = await register.appendLineage([
          { ...versionTrained('v2', 'd2'), id: 'another' },
          { ...versionTrained('v2', 'd2'), id: 'of-another-model', model: 'other' } as LineageLine,
        ])
        expect(statuses(receipts)).toEqual(['conflict', 'stored'])
        expect(receipts[0]?.reason).toContain('v2')
      }))

    it('takes ten thousand versions that nothing but predictions names, and those that lineage names beyond', () =>
      over(open, TASKS, async (register) => {
        const lines = Array.from({ length: 10_001 }, (_, index) => by(index + 1, `v${index + 1}`))
        const receipts = await register.appendPredictions(lines)
        expect(receipts.filter(({ status }) => status === 'stored')).toHaveLength(10_000)
        expect(receipts.at(-1)).toMatchObject({ id: id(10_001), status: 'rejected' })
        expect(receipts.at(-1)?.reason).toMatch(
          /has 10000 model versions .*"filter v10001" is none of them\. Announce it .*look for what makes so many/,
        )
        // One that was brought and is named from now on leaves its place to another.
        await register.appendLineage([versionSeen('v10002'), versionTrained('v1', 'd1')])
        const further = ['v10002', 'v2', 'v10003', 'v10004'].map((version, index) => by(20_000 + index, version))
        expect(statuses(await register.appendPredictions(further))).toEqual(['stored', 'stored', 'stored', 'rejected'])
        expect(await register.versions()).toHaveLength(10_002)
      }))

    it('keeps the first sight of a version, and takes what many replicas and restarts see of it as the same', () =>
      over(open, TASKS, async (register) => {
        const first = versionSeen('v2', { previous: 'v1' })
        const later = versionSeen('v2', { time: START + DAY })
        expect(statuses(await register.appendLineage([first]))).toEqual(['stored'])
        const again = [first, later, versionSeen('v2', { previous: 'v0' }), { ...later, id: 'of-another-name' }]
        expect(statuses(await register.appendLineage(again))).toEqual(Array(4).fill('duplicate'))
        expect((await register.read('lineage', { after: 0 })).lines).toEqual([first])
        expect(statuses(await register.appendLineage([versionSeen('v3'), versionSeen('v1')]))).toEqual([
          'stored',
          'stored',
        ])
      }))

    it('sees nothing new in a version that was declared deployed, and takes a declaration after it was seen', () =>
      over(open, TASKS, async (register) => {
        await register.appendLineage([deployed('1', 'v2')])
        const seen = [versionSeen('v2'), versionSeen('v3'), deployed('2', 'v3'), versionSeen('v3', { previous: 'v2' })]
        expect(statuses(await register.appendLineage(seen))).toEqual(['duplicate', 'stored', 'stored', 'duplicate'])
        // A rollback deploys again what was live before.
        expect(statuses(await register.appendLineage([deployed('3', 'v2'), versionSeen('v2')]))).toEqual([
          'stored',
          'duplicate',
        ])
        const kinds = (await register.read('lineage', { after: 0 })).lines.map(({ kind }) => kind)
        expect(kinds).toEqual(['version-deployed', 'version-seen', 'version-deployed', 'version-deployed'])
      }))

    it('keeps what is trained and what is live apart: a version may be seen before it is known what it was trained on', () =>
      over(open, TASKS, async (register) => {
        const lines = [versionTrained('v2', 'd1'), versionSeen('v2'), versionSeen('v3'), versionTrained('v3', 'd1')]
        expect(statuses(await register.appendLineage(lines))).toEqual(Array(4).fill('stored'))
        const { id: _, ...nameless } = versionSeen('v4')
        expect(statuses(await register.appendLineage([nameless as LineageLine]))).toEqual(['rejected'])
      }))

    it('keeps every kind of line as it came', () =>
      over(open, TASKS, async (register) => {
        const about = { time: START, model: 'filter' }
        const lines: LineageLine[] = [
          { ...about, id: '1', kind: 'retraining-asked', trigger: 'drift', reason: 'PSI 0.3' },
          { ...about, id: '2', kind: 'gate-decided', candidate: 'v2', champion: 'v1', verdict: 'blind', reason: 'few' },
          { ...about, id: '3', kind: 'version-deployed', version: 'v2', reason: 'promoted' },
          { ...about, id: '4', kind: 'version-retired', version: 'v1', reason: 'replaced' },
          { ...about, id: '5', kind: 'version-seen', version: 'v3', previous: 'v2' },
        ]
        expect(statuses(await register.appendLineage(lines))).toEqual(Array(5).fill('stored'))
        expect((await register.read('lineage', { after: 0 })).lines).toEqual(lines)
      }))

    it('lists every version with what it was made of and how much it predicted', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([by(1, 'v1'), by(2, 'v2'), by(3, 'v2')])
        await register.appendLineage([versionTrained('v2', 'd1', 'd2'), versionTrained('v3', 'd3')])
        await register.appendPredictions([by(4, 'v2'), by(4, 'v2'), by(4, 'v9')])
        expect(await register.versions()).toEqual([
          { model: 'filter', version: 'v1', predictions: 1 },
          { model: 'filter', version: 'v2', trainedOn: 'd1', validatedOn: 'd2', predictions: 3 },
          { model: 'filter', version: 'v3', trainedOn: 'd3', predictions: 0 },
        ])
      }))
  })
}
