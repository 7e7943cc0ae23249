import { describe, expect, test } from 'vitest'
import type { Sample } from '../src/job-record.ts'
import { createProgress } from '../src/progress.ts'

const nothing = { estimate: undefined, interval: undefined, effectiveSampleSize: 0, revealed: 0, unrevealed: 0 }

const sampleAt = (mails: number): Sample => ({
  time: Date.UTC(2002, 7, 1),
  mails,
  version: '1-abc',
  drift: { state: 'blind', units: 0, psi: undefined, threshold: undefined },
  readings: [],
  naive: { precision: undefined, recall: undefined },
  estimated: { precision: nothing, recall: nothing },
})

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
    expect(text).toMatch(/500\/1000 .* version 1-abc · drift blind · recall – \(naive –\)/)
    expect(text).not.toMatch(/[^\P{C}\n]/u)
  })

  test('redraws one line on a terminal, no wider than it is', () => {
    const frames = written(true, [50, 100]).split('\r\u001B[2K')
    expect(frames).toHaveLength(5)
    for (const frame of frames) expect(frame.trimEnd().length).toBeLessThan(60)
  })
})
