import { parseArgs } from 'node:util'

export interface BenchArguments {
  /** Print one JSON object, and nothing else, on standard output. */
  readonly json: boolean
  /** The large sizes. */
  readonly full: boolean
  /** The benchmark to run; undefined: print the usage. */
  readonly name: string | undefined
}

/**
 * Reads the command line of `npm run bench`.
 * @param names the benchmarks there are
 * @returns what is asked for, or what is wrong with it, in words
 */
export function readBenchArguments(given: readonly string[], names: readonly string[]): BenchArguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        full: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    const { json, full, help } = values
    const [name, ...more] = positionals
    if (help) return { json, full, name: undefined }
    if (name === undefined) return 'No benchmark is named'
    if (more.length > 0) return `${positionals.length} benchmarks are named, and a run takes one`
    return names.includes(name) ? { json, full, name } : `There is no benchmark ${name}`
  } catch (error) {
    const [cause = ''] = String(error instanceof Error ? error.message : error).split(/\. |\.?\n/)
    return cause
  }
}
