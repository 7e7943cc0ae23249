/** What somebody says of a live task. */
export interface Vote {
  /** Who, by the number of the account. */
  readonly annotator: number
  /** One of the classes. */
  readonly value: string
}

/**
 * How good an annotator is: the chance that his answer is right, whatever is right; or a row for each true class, in order,
 * with the chance of each answer.
 */
export type Skill = number | readonly (readonly number[])[]

const isProbability = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1

/** Whether it is a probability, or a row of probabilities for each class. */
export function isSkill(skill: unknown, classes: number): skill is Skill {
  const isRow = (row: unknown): boolean => Array.isArray(row) && row.length === classes && row.every(isProbability)
  return isProbability(skill) || (Array.isArray(skill) && skill.length === classes && skill.every(isRow))
}

/** Nobody is taken to be surer than this of anything: one vote alone can't outweigh all others. */
const MOST_SURE = 0.99
const LEAST_SURE = 0.01

const bounded = (probability: number): number => Math.min(MOST_SURE, Math.max(LEAST_SURE, probability))

/** Halfway between guessing and knowing: what is taken of somebody of whom nothing is known. */
const unknownSkill = (classes: number): number => (1 / classes + 1) / 2

/** Chance that somebody of this skill gives an answer where a class is true. */
function chanceOf(skill: Skill, truth: number, answer: number, classes: number): number {
  if (typeof skill !== 'number') return bounded(skill[truth]?.[answer] ?? 1 / classes)
  const right = bounded(skill)
  return truth === answer ? right : (1 - right) / (classes - 1)
}

/**
 * What the votes and the model say together: by Bayes' rule, with the model's calibrated probabilities as what was believed
 * before, and votes that are right or wrong independently of each other, given the truth (Dawid and Skene, 1979).
 * @param prior a probability a class, summing to 1
 * @param skillOf undefined of somebody of whom nothing is known
 * @returns a probability a class, summing to 1
 */
export function weighVotes(
  classes: readonly string[],
  prior: readonly number[],
  votes: readonly Vote[],
  skillOf: (annotator: number) => Skill | undefined,
): readonly number[] {
  const logs = classes.map((_, truth) => {
    const said = votes.map(({ annotator, value }) => {
      const skill = skillOf(annotator) ?? unknownSkill(classes.length)
      return Math.log(chanceOf(skill, truth, classes.indexOf(value), classes.length))
    })
    return said.reduce((total, log) => total + log, Math.log(bounded(prior[truth] ?? 0)))
  })
  const most = Math.max(...logs)
  const weights = logs.map((log) => Math.exp(log - most))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}
