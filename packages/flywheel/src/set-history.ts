import type { Prediction, Register, TrackingId, TrainingExample } from '@groundtrace/core'
import { functionOf, listOf, nameOf, optionsOf } from './argument.ts'

/** What grouping may look at. */
export type Groupable = Pick<TrainingExample, 'prediction' | 'whole' | 'task' | 'time' | 'features'>

/**
 * The keys of the groups an example belongs to: the hash of its content, so that duplicates find each other, its
 * thread, its customer. Examples that share any key stay on one side of a split. Must be pure.
 */
export type GroupOf = (example: Groupable) => readonly string[]

/** Members of one whole are one group: they are about one case. */
export const byWhole: GroupOf = ({ whole }) => (whole === undefined ? [] : [whole])

/** What all earlier data sets of a task held, training and validation alike. */
export interface SetHistory {
  readonly predictions: ReadonlySet<TrackingId>
  readonly groups: ReadonlySet<string>
  /** Time of the newest prediction in any of them: milliseconds since 1970; -Infinity before the first set. */
  readonly until: number
}

/** Before the first data set. */
export const NO_HISTORY: SetHistory = {
  predictions: new Set(),
  groups: new Set(),
  until: Number.NEGATIVE_INFINITY,
}

/**
 * The history after these examples went into a data set.
 * @throws GroundtraceError `invalid-argument`
 */
export function extendHistory(history: SetHistory, examples: Iterable<Groupable>, groupOf: GroupOf): SetHistory {
  functionOf(groupOf, 'groupOf')
  const predictions = new Set(optionsOf(history, 'SetHistory').predictions)
  const groups = new Set(history.groups)
  let { until } = history
  for (const example of listOf(examples, 'examples')) {
    predictions.add(example.prediction)
    for (const key of groupOf(example)) groups.add(key)
    until = Math.max(until, example.time)
  }
  return { predictions, groups, until }
}

const PAGE = 1000

/**
 * Reads the history back from the lineage ledger, after a restart. Predictions whose payload was erased are still known
 * by ID and time; keys that came from their features are not.
 * @param options `task`: name of the task. `groupOf`: as for the splits
 * @throws GroundtraceError `invalid-argument`, and what the register throws
 */
export async function readHistory(
  register: Pick<Register, 'read' | 'prediction'>,
  options: { readonly task: string; readonly groupOf: GroupOf },
): Promise<SetHistory> {
  const { task, groupOf } = optionsOf(options, 'options of readHistory')
  nameOf(task, 'task')
  functionOf(groupOf, 'groupOf')
  const members = new Set<TrackingId>()
  let after = 0
  for (;;) {
    const { lines, position } = await register.read('lineage', { after, limit: PAGE })
    if (lines.length === 0) break
    for (const line of lines) {
      if (line.kind === 'data-set-made' && line.task === task) for (const m of line.members) members.add(m.prediction)
    }
    after = position
  }
  const known: Groupable[] = []
  for (const id of members) {
    const prediction = await register.prediction(id)
    if (prediction !== undefined) known.push(groupable(prediction))
  }
  const history = extendHistory(NO_HISTORY, known, groupOf)
  return { ...history, predictions: members }
}

function groupable({ id, whole, task, time, features = {} }: Prediction): Groupable {
  return { prediction: id, ...(whole === undefined ? {} : { whole }), task: task.name, time, features }
}
