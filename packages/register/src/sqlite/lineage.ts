import type { DataSetMember, LineageLine, LostBy, Receipt, TrackingId } from '@groundtrace/core'
import { appendLineage, checkedLines, type LineageBook } from '../decide/lineage.ts'
import { memberOf, standingMember, type DataSetLine, type LineageRow, type MemberRow } from '../lineage-row.ts'
import { jsonOf } from '../json-column.ts'
import type { Store } from './store.ts'
import type { Versions } from './versions.ts'

export interface Lineage {
  append(lines: readonly LineageLine[]): readonly Receipt[]
  /** The line with its members. */
  decode(row: LineageRow): LineageLine
  dataSet(dataSet: string): DataSetLine | undefined
  /** Data sets with the members of this prediction only, then the versions made of them. */
  of(prediction: TrackingId): readonly LineageLine[]
  /** Marks the members of a prediction, or those of them that rest on one feedback, as lost. */
  lose(by: LostBy, prediction: TrackingId, feedback?: TrackingId): void
}

/** @param isErased whether what a member is made from was erased already */
export function lineageTable(store: Store, versions: Versions, isErased: (member: DataSetMember) => boolean): Lineage {
  const insert = store.prepare(`
    INSERT INTO lineage (id, data_set, line_json, members, recorded) VALUES (?, ?, ?, ?, ?)`)
  const insertMember = store.prepare(`
    INSERT INTO members (line, place, example, prediction, feedback_json, lost) VALUES (?, ?, ?, ?, ?, ?)`)
  const lose = store.prepare('UPDATE members SET lost = ? WHERE prediction = ? AND lost IS NULL')
  const loseResting = store.prepare(`
    UPDATE members SET lost = ? WHERE prediction = ? AND lost IS NULL AND instr(feedback_json, ?) > 0`)
  const train = store.prepare('UPDATE versions SET trained = ?, trained_on = ?, validated_on = ? WHERE id = ?')
  const goLive = store.prepare('UPDATE versions SET live = ? WHERE id = ? AND live IS NULL')
  const selectVersion = store.prepare('SELECT trained, live FROM versions WHERE id = ?')
  const columns = 'l.position, l.line_json, l.members'
  const select = store.prepare(`SELECT ${columns} FROM lineage l WHERE l.id = ?`)
  const selectDataSet = store.prepare(`SELECT ${columns} FROM lineage l WHERE l.data_set = ?`)
  const selectMembers = store.prepare(
    'SELECT example, prediction, feedback_json, lost FROM members WHERE line = ? ORDER BY place',
  )
  const selectUses = store.prepare(`
    SELECT ${columns}, m.example, m.prediction, m.feedback_json, m.lost
    FROM members m JOIN lineage l ON l.position = m.line WHERE m.prediction = ? ORDER BY m.line, m.place`)
  const selectMadeOf = store.prepare(`
    SELECT ${columns} FROM versions v JOIN lineage l ON l.position = v.trained
    WHERE v.trained_on = ? OR v.validated_on = ? ORDER BY l.position`)

  /** @param member reads a member: as the ledger has it, or as it stands now */
  function decode(row: LineageRow, member = memberOf): LineageLine {
    const line = JSON.parse(row.line_json) as LineageLine
    if (line.kind !== 'data-set-made') return line
    return { ...line, members: (selectMembers.all(row.position) as unknown as MemberRow[]).map(member) }
  }

  function write(line: LineageLine): void {
    const members = line.kind === 'data-set-made' ? line.members : []
    const json = jsonOf({ ...line, members: undefined })
    const dataSet = line.kind === 'data-set-made' ? line.dataSet : null
    const position = Number(insert.run(line.id, dataSet, json, members.length, store.now()).lastInsertRowid)
    for (const [place, member] of members.entries()) {
      const { example, prediction, feedback } = member
      const lost: LostBy | null = isErased(member) ? 'erased' : null
      insertMember.run(position, place, example, prediction, JSON.stringify(feedback), lost)
    }
    if (line.kind === 'version-trained') {
      const id = versions.idOf({ name: line.model, version: line.version })
      train.run(position, line.trainedOn, line.validatedOn ?? null, id)
    }
    if (line.kind === 'version-deployed' || line.kind === 'version-seen') {
      goLive.run(position, versions.idOf({ name: line.model, version: line.version }))
    }
  }

  function has(fact: 'trained' | 'live', name: string, version: string): boolean {
    return selectVersion.get(versions.idOf({ name, version }))?.[fact] !== null
  }

  const book: LineageBook = {
    line(id) {
      const row = select.get(id) as unknown as LineageRow | undefined
      return row === undefined ? undefined : decode(row)
    },
    isMade: (dataSet) => selectDataSet.get(dataSet) !== undefined,
    isTrained: (model, version) => has('trained', model, version),
    isLive: (model, version) => has('live', model, version),
    write,
  }

  return {
    append: (lines) => appendLineage(checkedLines(lines), book),
    decode: (row) => decode(row),
    dataSet(dataSet) {
      const row = selectDataSet.get(dataSet) as unknown as LineageRow | undefined
      return row === undefined ? undefined : (decode(row, standingMember) as DataSetLine)
    },
    of(prediction) {
      const rows = selectUses.all(prediction) as unknown as (LineageRow & MemberRow)[]
      const sets = Map.groupBy(rows, ({ position }) => position)
      const dataSets = [...sets.values()].map((uses) => ({
        ...(JSON.parse((uses[0] as LineageRow).line_json) as DataSetLine),
        members: uses.map(standingMember),
      }))
      const made = dataSets.flatMap((line) => selectMadeOf.all(line.dataSet, line.dataSet) as unknown as LineageRow[])
      const trained = new Map(made.map((row) => [row.position, row]))
      return [...dataSets, ...[...trained.values()].sort((a, b) => a.position - b.position).map((row) => decode(row))]
    },
    lose(by, prediction, feedback) {
      if (feedback === undefined) lose.run(by, prediction)
      else loseResting.run(by, prediction, JSON.stringify(feedback))
    },
  }
}
