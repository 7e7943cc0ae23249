import { quote, type Task, type TrainingExample } from '@groundtrace/core'
import { functionOf, listOf, numberIn, optionsOf, refusal, wholeFrom } from './argument.ts'
import { byTime } from './example-pool.ts'
import { joinedGroups } from './groups.ts'
import { byWhole, extendHistory, NO_HISTORY, type GroupOf, type SetHistory } from './set-history.ts'

export interface SplitOptions {
  /** The task all examples are about. */
  readonly task: Pick<Task, 'name' | 'kind' | 'classes'>
  /** Keys that keep examples together. Default: the whole of a member; every other example stands alone. */
  readonly groupOf?: GroupOf
  /** Share, in (0, 1), of the examples that no earlier set held that is set aside for validation. Default 0.25. */
  readonly validationShare?: number
  /** What earlier sets held: the `history` of the split before. Default: this is the first. */
  readonly history?: SetHistory
  /** Examples that each class must have on each side; below it the split is blind. 0: a class may be absent. Default 1. */
  readonly minimumPerClass?: number
}

/**
 * Why an example newer than the cut is in neither set this time; it can be trained on next time.
 * - `straddles-cut`: its group reaches back to the training side.
 * - `group-seen-before`: its group was in an earlier set, so a model that serves today may know it.
 */
export type DropReason = 'straddles-cut' | 'group-seen-before'

export interface DataSetSplit {
  /** `blind`: too little evidence to train and validate on; `reason` says what is missing. */
  readonly verdict: 'ready' | 'blind'
  readonly reason: string
  /** Oldest first, like the validation set. */
  readonly training: readonly TrainingExample[]
  readonly validation: readonly TrainingExample[]
  readonly dropped: Readonly<Record<DropReason, number>>
  /** Every example before this moment trains, none after: milliseconds since 1970. Absent when nothing is fresh. */
  readonly cut?: number
  /** Pass to the next split. Unchanged when this one is blind, because its sets are not to be used. */
  readonly history: SetHistory
}

/**
 * Splits examples into a training and a validation set such that
 * 1. no group has members in both sets;
 * 2. every validation example is newer than every training example, and than everything that any earlier set held;
 * 3. no validation example, and no group of one, was in an earlier training or validation set;
 * 4. every example is in training, in validation or counted in `dropped`.
 * The validation set is the newest `validationShare` of what no earlier set held, so it stands for the world that the
 * next version will meet; what validated one generation trains the next. Of a group that straddles the cut the older
 * part trains and the newer part is dropped. Pure; the order of the examples does not matter.
 *
 * The newest predictions have had the least time to be answered. Where answers come slowly, pass only examples whose
 * predictions have passed their horizon.
 * @param examples at most one per prediction, as `ExamplePool.examples` gives them
 * @throws GroundtraceError `invalid-argument` for options out of range, examples of another task, two of one prediction
 */
export function splitDataSets(examples: Iterable<TrainingExample>, options: SplitOptions): DataSetSplit {
  const { task, groupOf = byWhole, history = NO_HISTORY, ...limits } = optionsOf(options, 'SplitOptions')
  functionOf(groupOf, 'groupOf')
  const share = numberIn([0, 1], limits.validationShare ?? 0.25, 'validationShare', { open: true })
  const minimum = wholeFrom(0, limits.minimumPerClass ?? 1, 'minimumPerClass')
  const all = checkedExamples(examples, task)
  const keys = all.map((example) => groupOf(example))
  const groups = joinedGroups(keys)

  const old = all.map(({ prediction }) => history.predictions.has(prediction))
  const seen = new Set<number>()
  let until = history.until
  for (const [index, example] of all.entries()) {
    if (old[index] === true) until = Math.max(until, example.time)
    if (old[index] === true || keys[index]?.some((key) => history.groups.has(key)) === true) {
      seen.add(groups[index] as number)
    }
  }
  const isSeen = (index: number): boolean => seen.has(groups[index] as number)
  const candidates = all.flatMap(({ time }, index) => (time > until && !isSeen(index) ? [index] : []))
  const wanted = Math.max(1, Math.round(share * old.filter((was) => !was).length))
  const cut = all[candidates[Math.max(0, candidates.length - wanted)] ?? -1]?.time
  if (cut === undefined) return nothingFresh(all, history)

  const training = all.filter(({ time }) => time < cut)
  const reachBack = new Set(groups.slice(0, training.length))
  const validation: TrainingExample[] = []
  const dropped = { 'straddles-cut': 0, 'group-seen-before': 0 }
  for (const [offset, example] of all.slice(training.length).entries()) {
    const index = training.length + offset
    if (isSeen(index)) dropped['group-seen-before'] += 1
    else if (reachBack.has(groups[index] as number)) dropped['straddles-cut'] += 1
    else validation.push(example)
  }
  const missing = lackOf({ training, validation }, classesOf(task, all), minimum)
  return {
    verdict: missing === undefined ? 'ready' : 'blind',
    reason: missing ?? `${training.length} examples to train on, ${validation.length} newer ones to validate with`,
    training,
    validation,
    dropped,
    cut,
    history: missing === undefined ? extendHistory(history, [...training, ...validation], groupOf) : history,
  }
}

function nothingFresh(all: readonly TrainingExample[], history: SetHistory): DataSetSplit {
  return {
    verdict: 'blind',
    reason: `None of ${all.length} examples is newer than everything earlier sets held: nothing to validate with`,
    training: all,
    validation: [],
    dropped: { 'straddles-cut': 0, 'group-seen-before': 0 },
    history,
  }
}

function checkedExamples(examples: Iterable<TrainingExample>, task: SplitOptions['task']): readonly TrainingExample[] {
  const all = [...listOf(examples, 'examples')].sort(byTime)
  const predictions = new Set<string>()
  for (const example of all) {
    if (example.task !== task.name) {
      throw refusal(
        `Example ${quote(example.id)} is of task ${quote(example.task)}, not ${quote(task.name)}`,
        'Split one task at a time',
      )
    }
    if (predictions.has(example.prediction)) {
      throw refusal(`Prediction ${quote(example.prediction)} has two examples`, 'Pass the latest one only')
    }
    predictions.add(example.prediction)
  }
  return all
}

/** Classes that must be on both sides: the declared ones, else those that occur; none where labels are no classes. */
function classesOf({ kind, classes }: SplitOptions['task'], all: readonly TrainingExample[]): readonly string[] {
  if (kind !== 'binary' && kind !== 'multiclass') return []
  return classes ?? [...new Set(all.map(({ label }) => String(label)))]
}

/** What the sets lack to be of use, in words. */
function lackOf(
  sets: { readonly training: readonly TrainingExample[]; readonly validation: readonly TrainingExample[] },
  classes: readonly string[],
  minimum: number,
): string | undefined {
  if (classes.length === 1) return `All examples are of class ${quote(classes[0])}`
  for (const role of ['training', 'validation'] as const) {
    if (sets[role].length === 0) return `The ${role} set is empty`
    for (const label of classes) {
      const count = sets[role].filter((example) => example.label === label).length
      if (count < minimum) return `The ${role} set has ${count} examples of ${quote(label)}; at least ${minimum} needed`
    }
  }
  return undefined
}
