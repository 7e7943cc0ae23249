/** One measured case. `ratio`: against the case named in `to`, in the same run. */
export interface Case {
  readonly median: number
  readonly min: number
  readonly unit: string
  readonly ratio?: number
  readonly to?: string
}

export interface Goal {
  readonly id: string
  readonly what: string
  readonly value: number
  readonly goal: string
  readonly met: boolean
}

/** What a benchmark prints. */
export interface BenchmarkReport {
  readonly cases: Readonly<Record<string, Case>>
  readonly goals: readonly Goal[]
}

export interface BenchmarkOptions {
  /** The large sizes. */
  readonly full: boolean
  /** Told of progress; never standard output. */
  readonly say: (text: string) => void
}

export type Benchmark = (options: BenchmarkOptions) => Promise<BenchmarkReport>

/** A goal of the form “at least”. */
export function atLeast(id: string, what: string, value: number, bound: number): Goal {
  return { id, what, value, goal: `>= ${bound}`, met: value >= bound }
}

/** A goal of the form “at most”. */
export function atMost(id: string, what: string, value: number, bound: number): Goal {
  return { id, what, value, goal: `<= ${bound}`, met: value <= bound }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}

/** The report for a person. */
export function reportText({ cases, goals }: BenchmarkReport): string {
  const rows = Object.entries(cases).map(([name, { median: middle, min, unit, ratio, to }]) => {
    const against = ratio === undefined ? '' : `, ${ratio.toFixed(2)} × ${to}`
    return `  ${name}: median ${middle.toFixed(0)}, min ${min.toFixed(0)} ${unit}${against}`
  })
  const met = goals.map(
    ({ id, what, value, goal, met }) =>
      `  ${met ? 'met' : 'NOT MET'}  ${id}: ${value.toFixed(3)} (goal ${goal}), ${what}`,
  )
  return ['Cases', ...rows, 'Goals', ...met].join('\n')
}
