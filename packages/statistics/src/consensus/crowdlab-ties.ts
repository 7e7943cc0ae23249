import type { Answers } from './answers.ts'

/** The entries that have the greatest score. */
function best(codes: readonly number[], score: (code: number) => number): readonly number[] {
  if (codes.length < 2) return codes
  const scores = codes.map(score)
  const greatest = Math.max(...scores)
  return codes.filter((_, index) => scores[index] === greatest)
}

/** Per unit: the classes that most answers name and the model gives most, and of these the rarest in all answers. */
function likelyModes(
  { units, classes }: Answers,
  counts: Float64Array,
  probabilities: Float64Array,
): (readonly number[])[] {
  const frequencies = new Float64Array(classes.length)
  for (let cell = 0; cell < counts.length; cell += 1) {
    const code = cell % classes.length
    frequencies[code] = (frequencies[code] ?? 0) + (counts[cell] ?? 0)
  }
  const codes = classes.map((_, code) => code)
  return units.map((_, unit) => {
    const row = unit * classes.length
    const modes = best(codes, (code) => counts[row + code] ?? 0)
    const probable = best(modes, (code) => probabilities[row + code] ?? 0)
    return best(probable, (code) => -(frequencies[code] ?? 0))
  })
}

/** Per rater: the share of answers that are the mode of units that have one; of raters without any, the mean. */
function agreementWithModes(
  { units, raters, classes, starts, raterCodes, classCodes }: Answers,
  counts: Float64Array,
): Float64Array {
  const right = new Float64Array(raters.length)
  const given = new Float64Array(raters.length)
  const codes = classes.map((_, code) => code)
  for (let unit = 0; unit < units.length; unit += 1) {
    const modes = best(codes, (code) => counts[unit * classes.length + code] ?? 0)
    if (modes.length > 1) continue
    const end = starts[unit + 1] ?? 0
    for (let place = starts[unit] ?? 0; place < end; place += 1) {
      const rater = raterCodes[place] ?? 0
      given[rater] = (given[rater] ?? 0) + 1
      if (classCodes[place] === modes[0]) right[rater] = (right[rater] ?? 0) + 1
    }
  }
  const shares = right.map((count, rater) => count / (given[rater] ?? 0))
  const known = shares.filter((share) => !Number.isNaN(share))
  const mean = known.length === 0 ? 0 : known.reduce((a, b) => a + b, 0) / known.length
  return shares.map((share) => (Number.isNaN(share) ? mean : share))
}

/** Per unit: code of the class that most answers name, ties broken as `crowdlab` says. */
export function brokenTies(answers: Answers, counts: Float64Array, probabilities: Float64Array): Int32Array {
  const candidates = likelyModes(answers, counts, probabilities)
  if (candidates.every((codes) => codes.length === 1)) return Int32Array.from(candidates, (codes) => codes[0] ?? 0)
  const { starts, raterCodes, classCodes } = answers
  const agreement = agreementWithModes(answers, counts)
  return Int32Array.from(candidates, (codes, unit) => {
    const meanAgreement = (code: number) => {
      let sum = 0
      let count = 0
      for (let place = starts[unit] ?? 0; place < (starts[unit + 1] ?? 0); place += 1) {
        if (classCodes[place] !== code) continue
        sum += agreement[raterCodes[place] ?? 0] ?? 0
        count += 1
      }
      return sum / count
    }
    return best(codes, meanAgreement)[0] ?? 0
  })
}
