import type { LineageLine, Model, Receipt, TrackingId } from '@groundtrace/core'
import { appendLineage, checkedLines } from '../decide/lineage.ts'
import { memberOf, standingMember, type DataSetLine, type LineageRow, type MemberRow } from '../lineage-row.ts'
import { bulk } from './columns.ts'
import type { Connection, Database, Statement } from './database.ts'
import { LOCKS } from './schema.ts'
import type { RowOfVersion, Versions } from './versions.ts'
import { allocating } from './write.ts'

export interface Lineage {
  append(lines: readonly LineageLine[]): Promise<readonly Receipt[]>
  /** Lines with their members. */
  decode(connection: Connection, rows: readonly LineageRow[]): Promise<readonly LineageLine[]>
  dataSet(dataSet: string): Promise<DataSetLine | undefined>
  /** Data sets with the members of this prediction only, then the versions made of them. */
  of(prediction: TrackingId): Promise<readonly LineageLine[]>
}

interface VersionFacts {
  readonly model: string
  readonly version: string
  readonly trained: boolean
  readonly live: boolean
}

type Placed<Row> = Row & { readonly position: number }
type LineOfMember = MemberRow & { readonly line: number }

const LINES = bulk<Placed<{ readonly line: LineageLine; readonly recorded: number }>>({
  position: ['bigint', ({ position }) => position],
  id: ['text', ({ line }) => line.id],
  data_set: ['text', ({ line }) => (line.kind === 'data-set-made' ? line.dataSet : null)],
  line_json: ['text', ({ line }) => JSON.stringify({ ...line, members: undefined })],
  members: ['integer', ({ line }) => (line.kind === 'data-set-made' ? line.members.length : 0)],
  recorded: ['double precision', ({ recorded }) => recorded],
})

const MEMBERS = bulk<Omit<MemberRow, 'lost'> & { readonly line: number; readonly place: number }>({
  line: ['bigint', ({ line }) => line],
  place: ['integer', ({ place }) => place],
  example: ['text', ({ example }) => example],
  prediction: ['text', ({ prediction }) => prediction],
  feedback_json: ['text', ({ feedback_json: feedback }) => feedback],
})

/** The model version that a line is about. */
function modelOf(line: LineageLine): readonly Model[] {
  return 'version' in line ? [{ name: line.model, version: line.version }] : []
}
const key = (model: string, version: string): string => `${model} ${version}`

/** A field of a line that has it. */
const text = (line: LineageLine, field: 'id' | 'dataSet' | 'model' | 'version'): readonly string[] => {
  const value = (line as unknown as Readonly<Record<string, unknown>>)[field]
  return typeof value === 'string' && !value.includes('\0') ? [value] : []
}

export function lineageTable(database: Database, versions: Versions): Lineage {
  const { schema: s, lockClass } = database
  const allocate = allocating(database)
  const columns = 'l.position, l.line_json, l.members'
  const selectKnown: Statement = {
    name: 'lineage-known',
    sql: `SELECT l.id, l.data_set, ${columns} FROM ${s}.lineage l
      WHERE l.id = ANY($1::text[]) OR l.data_set = ANY($2::text[])`,
  }
  const selectFacts: Statement = {
    name: 'lineage-facts',
    sql: `SELECT v.model, v.version, v.trained IS NOT NULL AS trained, v.live IS NOT NULL AS live
      FROM ${s}.versions v WHERE v.model = ANY($1::text[]) AND v.version = ANY($2::text[])`,
  }
  const selectMembers: Statement = {
    name: 'lineage-members',
    sql: `SELECT line, example, prediction, feedback_json, lost FROM ${s}.members
      WHERE line = ANY($1::bigint[]) ORDER BY line, place`,
  }
  const insertLines: Statement = {
    name: 'lineage-insert',
    sql: `INSERT INTO ${s}.lineage (tx, ${LINES.names})
      SELECT pg_current_xact_id(), ${LINES.names} FROM ${LINES.table}`,
  }
  const insertMembers: Statement = {
    name: 'members-insert',
    sql: `INSERT INTO ${s}.members (${MEMBERS.names}) SELECT ${MEMBERS.names} FROM ${MEMBERS.table}`,
  }
  // Of what was erased before, and of those whose payload was withheld: what they are made from is not there any more.
  const loseErased: Statement = {
    name: 'members-lose',
    sql: `UPDATE ${s}.members m SET lost = 'erased' WHERE m.line = ANY($1::bigint[]) AND (
        EXISTS (
          SELECT FROM ${s}.predictions p LEFT JOIN ${s}.prediction_payloads body
            ON body.prediction = p.position AND body.recorded = p.recorded
          WHERE p.id = m.prediction AND p.has_payload AND body.prediction IS NULL
        ) OR EXISTS (
          SELECT FROM json_array_elements_text(m.feedback_json::json) AS named (id)
            JOIN ${s}.feedback f ON f.id = named.id
            LEFT JOIN ${s}.feedback_payloads body ON body.feedback = f.arrival
          WHERE f.has_payload AND body.feedback IS NULL
        )
      )`,
  }
  const train: Statement = {
    name: 'versions-train',
    sql: `UPDATE ${s}.versions SET trained = $2, trained_on = $3, validated_on = $4 WHERE id = $1`,
  }
  const goLive: Statement = {
    name: 'versions-live',
    sql: `UPDATE ${s}.versions SET live = $2 WHERE id = $1 AND live IS NULL`,
  }
  const selectDataSet: Statement = {
    name: 'lineage-data-set',
    sql: `SELECT ${columns} FROM ${s}.lineage l WHERE l.data_set = $1`,
  }
  const selectUses: Statement = {
    name: 'lineage-uses',
    sql: `SELECT ${columns}, m.example, m.prediction, m.feedback_json, m.lost
      FROM ${s}.members m JOIN ${s}.lineage l ON l.position = m.line WHERE m.prediction = $1 ORDER BY m.line, m.place`,
  }
  const selectMadeOf: Statement = {
    name: 'lineage-made-of',
    sql: `SELECT ${columns} FROM ${s}.versions v JOIN ${s}.lineage l ON l.position = v.trained
      WHERE v.trained_on = ANY($1::text[]) OR v.validated_on = ANY($1::text[]) ORDER BY l.position`,
  }

  /** @param member reads a member: as the ledger has it, or as it stands now */
  async function decode(
    connection: Connection,
    rows: readonly LineageRow[],
    member = memberOf,
  ): Promise<readonly LineageLine[]> {
    const whole = rows.filter(({ members }) => members > 0).map(({ position }) => position)
    const members = whole.length === 0 ? [] : await connection.rows<LineOfMember>(selectMembers, [whole])
    const byLine = Map.groupBy(members, ({ line }) => line)
    return rows.map((row) => {
      const line = JSON.parse(row.line_json) as LineageLine
      if (line.kind !== 'data-set-made') return line
      return { ...line, members: (byLine.get(row.position) ?? []).map(member) }
    })
  }

  /** The book of one transaction: what is kept about the lines given, and what they add. */
  async function bookOf(connection: Connection, given: readonly LineageLine[]) {
    const known = await connection.rows<LineageRow & { readonly id: string; readonly data_set: string | null }>(
      selectKnown,
      [given.flatMap((line) => text(line, 'id')), given.flatMap((line) => text(line, 'dataSet'))],
    )
    const facts = await connection.rows<VersionFacts>(selectFacts, [
      given.flatMap((line) => text(line, 'model')),
      given.flatMap((line) => text(line, 'version')),
    ])
    const kept = await decode(connection, known)
    const lines = new Map(known.map(({ id }, index) => [id, kept[index] as LineageLine]))
    const made = new Set(known.map((row) => row.data_set))
    const trained = new Set(facts.filter((one) => one.trained).map((one) => key(one.model, one.version)))
    const live = new Set(facts.filter((one) => one.live).map((one) => key(one.model, one.version)))
    const written: LineageLine[] = []
    return {
      written,
      line: (id: string) => lines.get(id),
      isMade: (dataSet: string) => made.has(dataSet),
      isTrained: (model: string, version: string) => trained.has(key(model, version)),
      isLive: (model: string, version: string) => live.has(key(model, version)),
      write(line: LineageLine) {
        written.push(line)
        lines.set(line.id, line)
        if (line.kind === 'data-set-made') made.add(line.dataSet)
        if (line.kind === 'version-trained') trained.add(key(line.model, line.version))
        if (line.kind === 'version-deployed' || line.kind === 'version-seen') live.add(key(line.model, line.version))
      },
    }
  }

  async function write(connection: Connection, lines: readonly LineageLine[], rowOf: RowOfVersion): Promise<void> {
    if (lines.length === 0) return
    const recorded = database.now()
    const first = await allocate(connection, lines.length)
    const rows = lines.map((line, index) => ({ line, position: first + index, recorded }))
    await connection.rows(insertLines, LINES.values(rows))
    const members = rows.flatMap(({ line, position }) =>
      (line.kind === 'data-set-made' ? line.members : []).map(({ example, prediction, feedback }, place) => ({
        line: position,
        place,
        example,
        prediction,
        feedback_json: JSON.stringify(feedback),
      })),
    )
    if (members.length > 0) {
      await connection.rows(insertMembers, MEMBERS.values(members))
      await connection.rows(loseErased, [rows.map(({ position }) => position)])
    }
    for (const { line, position } of rows) {
      if (line.kind === 'version-trained') {
        const id = rowOf({ name: line.model, version: line.version })
        await connection.rows(train, [id, position, line.trainedOn, line.validatedOn ?? null])
      }
      if (line.kind === 'version-deployed' || line.kind === 'version-seen') {
        await connection.rows(goLive, [rowOf({ name: line.model, version: line.version }), position])
      }
    }
  }

  return {
    async append(given) {
      if (given.length === 0) return []
      const checked = checkedLines(given)
      const lines = checked.flatMap((one) => ('line' in one ? [one.line] : []))
      const rowOf = await versions.rowsOf(lines.flatMap(modelOf))
      // Rare, and so one at a time.
      const lock = `SELECT pg_advisory_xact_lock(${lockClass}, ${LOCKS.lineage})`
      return await database.write(async (connection) => {
        const book = await bookOf(connection, lines)
        const receipts = appendLineage(checked, book)
        await write(connection, book.written, rowOf)
        return receipts
      }, lock)
    },
    decode: (connection, rows) => decode(connection, rows),
    async dataSet(dataSet) {
      return await database.read(async (connection) => {
        const rows = await connection.rows<LineageRow>(selectDataSet, [dataSet])
        const [line] = await decode(connection, rows, standingMember)
        return line as DataSetLine | undefined
      })
    },
    async of(prediction) {
      return await database.read(async (connection) => {
        const rows = await connection.rows<LineageRow & MemberRow>(selectUses, [prediction])
        const sets = Map.groupBy(rows, ({ position }) => position)
        const dataSets = [...sets.values()].map((uses) => ({
          ...(JSON.parse((uses[0] as LineageRow).line_json) as DataSetLine),
          members: uses.map(standingMember),
        }))
        if (dataSets.length === 0) return []
        const made = await connection.rows<LineageRow>(selectMadeOf, [dataSets.map(({ dataSet }) => dataSet)])
        return [...dataSets, ...(await decode(connection, made))]
      })
    },
  }
}
