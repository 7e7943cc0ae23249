import { GroundtraceError, type LineageLine, type Register, type VersionRecord } from '@groundtrace/core'

/** A lineage line as the command prints it: members are counted, not listed, and so are those that were lost. */
export type LineageEntry = { readonly [key: string]: unknown } & {
  readonly kind: LineageLine['kind']
  readonly time: number
}

/** What happened to data sets and versions, and where every version stands. */
export interface Lineage {
  readonly versions: readonly VersionRecord[]
  readonly lines: readonly LineageEntry[]
}

/** The line with what became of its members since. */
async function entryOf(register: Register, line: LineageLine): Promise<LineageEntry> {
  if (line.kind !== 'data-set-made') return line
  const { members, ...rest } = line
  const now = (await register.dataSet(line.dataSet))?.members ?? []
  const lost = Object.fromEntries(
    (['erased', 'pruned'] as const).flatMap((by) => {
      const count = now.filter((member) => member.lost === by).length
      return count === 0 ? [] : [[by, count]]
    }),
  )
  return { ...rest, examples: members.length, ...(Object.keys(lost).length === 0 ? {} : { lost }) }
}

async function entriesOf(register: Register, lines: readonly LineageLine[]): Promise<readonly LineageEntry[]> {
  const entries: LineageEntry[] = []
  for (const line of lines) entries.push(await entryOf(register, line))
  return entries
}

async function* allLines(register: Register): AsyncGenerator<LineageLine> {
  for (let after = 0; ;) {
    const { lines, position } = await register.read('lineage', { after })
    if (lines.length === 0) return
    yield* lines
    after = position
  }
}

/** The lines that concern a version: its own, and those of the data sets it was trained on and validated with. */
function concerns(lines: readonly LineageLine[], version: string): (line: LineageLine) => boolean {
  const sets = new Set(
    lines
      .filter((line) => line.kind === 'version-trained' && line.version === version)
      .flatMap((line) => ('trainedOn' in line ? [line.trainedOn, line.validatedOn] : [])),
  )
  return (line) => {
    if (line.kind === 'data-set-made') return sets.has(line.dataSet)
    if (line.kind === 'gate-decided') return line.candidate === version || line.champion === version
    return 'version' in line && line.version === version
  }
}

/**
 * The lineage of all versions, or of one.
 * @throws GroundtraceError `invalid-argument` when there is no such version
 */
export async function lineageOf(register: Register, version?: string): Promise<Lineage> {
  const lines: LineageLine[] = []
  for await (const line of allLines(register)) lines.push(line)
  const versions = await register.versions()
  if (version === undefined) return { versions, lines: await entriesOf(register, lines) }
  const known = versions.filter((record) => record.version === version)
  if (known.length === 0) {
    const names = versions.map((record) => record.version).join(', ')
    throw new GroundtraceError(
      'invalid-argument',
      `There is no version ${version}`,
      names === '' ? 'No version was trained yet' : `Use one of ${names}`,
    )
  }
  return { versions: known, lines: await entriesOf(register, lines.filter(concerns(lines, version))) }
}
