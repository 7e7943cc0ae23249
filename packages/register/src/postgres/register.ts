import type { Register, Task } from '@groundtrace/core'
import { checkedRegister, type Driver } from '../checked-register.ts'
import { consentTable } from './consent.ts'
import { cursorTable } from './cursors.ts'
import type { Database } from './database.ts'
import { deciding } from './decisions.ts'
import { draining } from './draining.ts'
import { erasing } from './erase.ts'
import { droppingWaiting } from './expire.ts'
import { appendingFeedback } from './feedback.ts'
import { gathering } from './gathering.ts'
import { closing } from './horizons.ts'
import { lineageTable } from './lineage.ts'
import { droppingEmptyMonths, partitions } from './partitions.ts'
import { appendingPredictions } from './predictions.ts'
import { pruning } from './prune.ts'
import { reading } from './reads.ts'
import { tailing } from './tail.ts'
import { taskTable } from './tasks.ts'
import { versionTable } from './versions.ts'
import { addingLoss } from './write.ts'

/** Transactions at once, of those that a call more goes together with. Feedback settles under locks that others wait for. */
const PREDICTION_LANES = 4
const FEEDBACK_LANES = 2

export interface RegisterSettings {
  /** Tasks to declare, where the database can be written. */
  readonly declared: readonly Task[]
  readonly survivesPowerLoss: boolean
  /** How long feedback may wait for its prediction. */
  readonly orphanSeconds: number
}

/** The port over an open database. @throws GroundtraceError `invalid-task` */
export async function registerOver(
  database: Database,
  { declared, survivesPowerLoss, orphanSeconds }: RegisterSettings,
): Promise<Register> {
  const tasks = taskTable(database)
  const versions = versionTable(database)
  const consent = await consentTable(database)
  const inTransaction = deciding(database, tasks)
  const appendPredictions = appendingPredictions(database, {
    tasks,
    versions,
    consent,
    inTransaction,
    ensurePartition: partitions(database),
  })
  const lineage = lineageTable(database, versions)
  const readPage = tailing(database, tasks, lineage)
  const addLoss = addingLoss(database)
  const { expireCounts, ...cursors } = cursorTable(database, readPage)

  const erase = erasing(database)
  const dropWaiting = droppingWaiting(database, tasks)

  if (declared.length > 0) await tasks.declare(declared)

  const driver: Driver = {
    name: database.name,
    capabilities: { sharedWriters: true, survivesPowerLoss },
    ...reading(database, tasks),
    ...cursors,

    appendPredictions: gathering(appendPredictions, PREDICTION_LANES),
    appendFeedback: gathering(appendingFeedback(database, inTransaction, consent), FEEDBACK_LANES),
    appendLineage: (lines) => lineage.append(lines),
    closeDue: closing(database, inTransaction),
    expire: async () => (await dropWaiting(database.now() - orphanSeconds * 1000)) + (await expireCounts()),
    dropWaiting,
    prune: pruning(database, tasks, droppingEmptyMonths(database)),

    lineageOf: (id) => lineage.of(id),
    dataSet: (dataSet) => lineage.dataSet(dataSet),
    versions: () => versions.records(),
    read: (ledger, after, limit) => database.read((connection) => readPage(connection, ledger, after, limit)),
    async recordLoss(loss) {
      await database.write((connection) => addLoss(connection, new Map(Object.entries(loss))))
    },
    erase: (ids) => erase.predictions(ids),
    eraseUser: (user) => erase.user(user),
    setConsent: (user, given) => consent.set(user, given),
    close: () => database.close(),
  }
  return checkedRegister(draining(driver))
}
