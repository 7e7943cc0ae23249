import { describe, expect, test } from 'vitest'
import type { Sample } from '../src/job-record.ts'
import { createProgress } from '../src/progress.ts'

const nothing = { estimate: undefined, interval: undefined, effectiveSampleSize: 0, revealed: 0, unrevealed: 0 }

const BLIND: Sample['drift'] = { state: 'blind', units: 0, psi: undefined, threshold: undefined }

const sampleAt = (mails: number, drift: Sample['drift'] = BLIND): Sample => ({
  time: Date.UTC(2002, 7, 1),
  mails,
  version: '1-abc',
  drift,
  readings: [],
  naive: { precision: undefined, recall: undefined },
  estimated: { precision: nothing, recall: nothing },
})

/** The line of one look. */
function told(drift: Sample['drift']): string {
  let text = ''
  createProgress({ stream: { write: (more: string) => (text += more) }, live: false }).sample(sampleAt(500, drift), 500)
  return text
}

function written(live: boolean, mails: readonly number[]): string {
  let text = ''
  const progress = createProgress({
    stream: { write: (more: string) => (text += more), isTTY: live, columns: 60 },
    live,
  })
  progress.step('Running…')
  for (const count of mails) progress.sample(sampleAt(count), 1000)
  progress.done()
  return text
}

describe('progress', () => {
  test('writes a line each 500 mails to a file, without control characters', () => {
    const text = written(false, [50, 500, 550, 1000])
    expect(text.split('\n')).toHaveLength(4)
    expect(text).toMatch(/ 500 of 1,000 · 2002-08-01 · version 1-abc · too few scores · recall –, naive –\n/)
    expect(text).not.toMatch(/[^\P{C}\n]/u)
  })

  test('says of every state of drift what it means', () => {
    const figures = { units: 100, psi: 0.5, threshold: 0.1 }
    expect(told({ state: 'drift', ...figures })).toContain(' · scores drifted · ')
    expect(told({ state: 'stable', ...figures })).toContain(' · scores stable · ')
  })

  test('redraws one line on a terminal, no wider than it is', () => {
    const frames = written(true, [50, 100]).split('\r\u001B[2K')
    expect(frames).toHaveLength(5)
    for (const frame of frames) expect(frame.trimEnd().length).toBeLessThan(60)
  })
})
