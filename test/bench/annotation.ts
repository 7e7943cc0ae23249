import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  crowdlab,
  dawidSkene,
  krippendorffAlpha,
  ratingsFrom,
  type Consensus,
  type RatingsInput,
} from '@groundtrace/statistics'
import { makeCrowd, writeCrowd, type Crowd } from './annotation/crowd.ts'
import { peerPython } from './annotation/environment.ts'
import { startPeers, type PeerCase, type Peers } from './annotation/peers.ts'
import { atLeast, median, type Benchmark, type BenchmarkReport, type Case } from './report.ts'

const CROWD = { units: 100_000, raters: 200, ratingsPerUnit: 5, classes: 5 }
const SIZES = {
  quick: { agreement: 15, fits: 5 },
  full: { agreement: 45, fits: 15 },
}
const AGREEMENT_CASES = ['alpha', 'alpha from rows', 'alpha, 1000 bootstrap samples'] as const
const FIT_CASES = [
  'dawid-skene, no iteration',
  'dawid-skene, 5 iterations',
  'dawid-skene from rows, 5 iterations',
  'dawid-skene to convergence',
  'crowdlab',
] as const

type OurCase = (typeof AGREEMENT_CASES)[number] | (typeof FIT_CASES)[number]

/** Milliseconds of each round, by case. */
type Times = Map<OurCase | PeerCase, number[]>

const alpha = (input: RatingsInput, bootstrap?: { readonly resamples: number }) =>
  krippendorffAlpha(input, { level: 'nominal', bootstrap }).alpha ?? Number.NaN

/** No smoothing and no tolerance: the peer has neither. */
const plain = (input: RatingsInput, iterations: number) => dawidSkene(input, { iterations, tolerance: 0, smoothing: 0 })

/**
 * Each library has its data in its own form before the clock starts: krippendorff and cleanlab a matrix of raters and
 * units, crowd-kit a table of three columns, ours `Ratings`. The cases from rows also read an array of objects.
 */
function ourCases({ rows, predictions }: Crowd): Record<OurCase, () => number | Consensus> {
  const ratings = ratingsFrom(rows)
  return {
    alpha: () => alpha(ratings),
    'alpha from rows': () => alpha(rows),
    'alpha, 1000 bootstrap samples': () => alpha(ratings, { resamples: 1000 }),
    'dawid-skene, no iteration': () => plain(ratings, 0),
    'dawid-skene, 5 iterations': () => plain(ratings, 5),
    'dawid-skene from rows, 5 iterations': () => plain(rows, 5),
    'dawid-skene to convergence': () => dawidSkene(ratings),
    crowdlab: () => crowdlab(ratings, predictions),
  }
}

/** Each case once per round, ours and the peers' in turns, after one round that warms up and is not counted. */
async function timeInTurns(
  ours: readonly OurCase[],
  theirs: readonly PeerCase[],
  rounds: number,
  cases: Record<OurCase, () => unknown>,
  peers: Peers,
  times: Times,
): Promise<void> {
  for (const name of [...ours, ...theirs]) times.set(name, [])
  for (let round = -1; round < rounds; round += 1) {
    for (const name of ours) {
      const start = performance.now()
      cases[name]()
      if (round >= 0) times.get(name)?.push(performance.now() - start)
    }
    for (const name of theirs) {
      const { milliseconds } = await peers.run(name)
      if (round >= 0) times.get(name)?.push(milliseconds)
    }
  }
}

/** Whether both do the same work: the same alpha, and the same labels but for ties. */
async function checkSameResults({ size }: Crowd, cases: ReturnType<typeof ourCases>, peers: Peers): Promise<void> {
  const pairs: readonly (readonly [OurCase, PeerCase, number])[] = [
    ['alpha', 'krippendorff from matrix', 1],
    ['alpha from rows', 'krippendorff from value counts', 1],
    ['dawid-skene, 5 iterations', 'crowd-kit, 5 iterations', 0.999],
    ['crowdlab', 'cleanlab', 0.999],
  ]
  for (const [name, peer, least] of pairs) {
    const one = cases[name]()
    const { result: other } = await peers.run(peer)
    const same =
      typeof one === 'number'
        ? Number(Math.abs(one - Number(other)) < 1e-9)
        : one.units.filter((unit, index) => String(one.of(unit).label) === String(other)[index]).length / size.units
    if (same < least) throw new Error(`${name} and ${peer} agree in ${same} of the units only, and can't be compared`)
  }
}

/** Agreement and consensus on one large crowd, beside the packages that the field uses. */
export const annotation: Benchmark = async ({ full, say }) => {
  const rounds = full ? SIZES.full : SIZES.quick
  const python = await peerPython(say)
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-annotation-bench-'))
  say(`${CROWD.units} units of ${CROWD.ratingsPerUnit} ratings…`)
  const crowd = makeCrowd(CROWD, 1)
  writeCrowd(crowd, folder)
  const peers = startPeers(python, folder)
  const times: Times = new Map()
  try {
    const cases = ourCases(crowd)
    await checkSameResults(crowd, cases, peers)
    say('Agreement…')
    const alphaPeers = ['krippendorff from matrix', 'krippendorff from value counts'] as const
    await timeInTurns(AGREEMENT_CASES, alphaPeers, rounds.agreement, cases, peers, times)
    say('Consensus…')
    await timeInTurns(FIT_CASES, ['crowd-kit, 5 iterations', 'cleanlab'], rounds.fits, cases, peers, times)
  } finally {
    await peers.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return reportOf(times)
}

function line(milliseconds: readonly number[]): Case {
  return { median: median(milliseconds), min: Math.min(...milliseconds), unit: 'ms' }
}

function reportOf(times: Times): BenchmarkReport {
  const of = (name: OurCase | PeerCase) => times.get(name) ?? []
  /** How many times as long as ours the peer takes: the median over rounds. */
  const speedUp = (name: OurCase, to: PeerCase) =>
    median(of(to).map((time, round) => time / (of(name)[round] ?? Number.NaN)))
  const against = (name: OurCase, to: PeerCase): Case => ({ ...line(of(name)), ratio: 1 / speedUp(name, to), to })
  const [five, none] = [line(of('dawid-skene, 5 iterations')), line(of('dawid-skene, no iteration'))]
  const iteration = { median: (five.median - none.median) / 5, min: (five.min - none.min) / 5, unit: 'ms' }
  const fromCounts = speedUp('alpha', 'krippendorff from value counts')
  const alphaGoal = atLeast(
    'alpha-over-krippendorff',
    'time of krippendorff from its matrix by that of ours from the same ratings read once, and also not slower than ' +
      `krippendorff from counts of values per unit, by which it takes ${fromCounts.toFixed(1)} times as long as ours`,
    speedUp('alpha', 'krippendorff from matrix'),
    20,
  )
  return {
    cases: {
      alpha: against('alpha', 'krippendorff from matrix'),
      'alpha from rows': against('alpha from rows', 'krippendorff from matrix'),
      'alpha, 1000 bootstrap samples': line(of('alpha, 1000 bootstrap samples')),
      'krippendorff from matrix': line(of('krippendorff from matrix')),
      'krippendorff from value counts': line(of('krippendorff from value counts')),
      'dawid-skene, one iteration': iteration,
      'dawid-skene, 5 iterations': against('dawid-skene, 5 iterations', 'crowd-kit, 5 iterations'),
      'dawid-skene from rows, 5 iterations': against('dawid-skene from rows, 5 iterations', 'crowd-kit, 5 iterations'),
      'dawid-skene to convergence': line(of('dawid-skene to convergence')),
      'crowd-kit, 5 iterations': line(of('crowd-kit, 5 iterations')),
      crowdlab: against('crowdlab', 'cleanlab'),
      cleanlab: line(of('cleanlab')),
    },
    goals: [
      { ...alphaGoal, met: alphaGoal.met && fromCounts >= 1 },
      atLeast(
        'dawid-skene-over-crowd-kit',
        'time of crowd-kit by that of ours, 5 iterations of both',
        speedUp('dawid-skene, 5 iterations', 'crowd-kit, 5 iterations'),
        20,
      ),
      atLeast('crowdlab-over-cleanlab', 'time of cleanlab by that of ours', speedUp('crowdlab', 'cleanlab'), 20),
    ],
  }
}
