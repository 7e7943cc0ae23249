import { describe, expect, test } from 'vitest'
import type { JobResult } from '../src/result.ts'
import { refusedInWords } from '../src/terms.ts'
import { caveatsOf, verdictOf } from '../src/verdict.ts'

const quality = { accuracy: 0.9, balancedAccuracy: 0.95, precision: 0.8, recall: 0.9 }

const result: JobResult = {
  data: {
    name: 'Mails',
    records: 6000,
    licence: 'CC0',
    spam: [
      { period: 'the cold start', mails: 1000, spam: 808 },
      { period: 'July 2002', mails: 900, spam: 405 },
      { period: 'October 2002', mails: 800, spam: 8 },
    ],
  },
  seed: 1,
  predictions: 5000,
  feedback: { received: 0, joined: 0, held: 0, duplicate: 0, rejected: 0 },
  outcomes: { settled: 0, contested: 0, retracted: 0, expired: 0, censored: 0 },
  examples: { training: 1900, validation: 600, coldStart: 1000 },
  models: {
    filter: {
      loop: quality,
      frozen: { ...quality, balancedAccuracy: 0.92 },
      trained: 3,
      generations: [],
      holdout: {
        tiers: [],
        audit: { propensity: 0.05, passed: 0, audited: 0 },
        naive: { accuracy: 0.85, precision: 0.5, recall: 0.6 },
        estimated: {
          precision: { value: 0.81, interval: [0.75, 0.85], effectiveSampleSize: 60 },
          recall: { value: 0.95, interval: [0.91, 0.99], effectiveSampleSize: 50 },
        },
        actual: { precision: 0.8, recall: 0.9 },
      },
    },
  },
  lineage: { checked: 2592, broken: 0 },
  loss: {},
  seconds: 1,
  rssMb: 1,
  report: 'report.html',
}

describe('the verdict on a run', () => {
  test('says how far loop and frozen version lie apart', () => {
    expect(verdictOf(result)[0]).toMatch(/beat .* 95\.0 % against 92\.0 % .* 3\.0 points more\.$/)
    const { filter } = result.models
    const turned = { ...result, models: { filter: { ...filter, loop: filter.frozen, frozen: filter.loop } } }
    expect(verdictOf(turned)[0]).toMatch(/did not beat .* 92\.0 % against 95\.0 %/)
  })

  test('says whether an interval holds the truth', () => {
    expect(verdictOf(result)[1]).toMatch(
      /precision is 80\.0 %.* sees 50\.0 %.* 81\.0 %.*, 75\.0–85\.0 %, holds the truth/,
    )
    expect(verdictOf(result)[2]).toMatch(
      /recall is 90\.0 %.* sees 60\.0 %.* 95\.0 %.*, 91\.0–99\.0 %, misses the truth/,
    )
  })

  test('says how far the naive monitor is off', () => {
    expect(verdictOf(result)[3]).toMatch(/90\.0 %.* sees 85\.0 %: it is off by 5\.0 points\.$/)
  })

  test('counts in one way of writing numbers, and names what was lost', () => {
    expect(verdictOf(result).slice(4)).toEqual([
      'All 2,592 examples lead back to their feedback, prediction and span.',
      'Nothing was lost.',
    ])
    const bad = { ...result, lineage: { checked: 2592, broken: 1000 }, loss: { 'queue-full': 1234 } }
    expect(verdictOf(bad).slice(4)).toEqual([
      '1,000 of 2,592 examples do not lead back to where they came from.',
      'Lost: 1,234 queue-full.',
    ])
  })
})

test('the shift of the share of spam is told from the run', () => {
  expect(caveatsOf(result)[1]).toContain(
    'The share of spam is 81 % in the first 1,000 mails, 45 % in July 2002, 1 % in October 2002.',
  )
})

test('versions that are in no table are accounted for', () => {
  expect(refusedInWords(11, 6)).toBe(
    '11 versions were trained. 5 of them did not pass the promotion gate: their numbers are missing here.',
  )
  expect(refusedInWords(6, 6)).toBe('6 versions were trained. All of them went live.')
})
