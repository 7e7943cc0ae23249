import { invalid, parseList, parseNumbers, parseWhole } from './parse.ts'
import { StatisticsError } from './statistics-error.ts'

/**
 * Picks k points that leave no point far from a labelled or picked one: each time the point whose nearest labelled or
 * picked point is farthest, by Euclidean distance, and among equally far ones that with the lowest index. The farthest
 * that any point is left is at most twice what the best choice would leave. Without labelled points the first pick is
 * point 0.
 *
 * O((labelled + k) · points · dimensions) time.
 *
 * Sources: T. F. Gonzalez, "Clustering to minimize the maximum intercluster distance", Theoretical Computer Science 38
 * (1985), 293–306; for active learning O. Sener, S. Savarese, "Active learning for convolutional neural networks: a
 * core-set approach", ICLR 2018, algorithm 1.
 *
 * @param points equally long lists of numbers, in units that make distances comparable
 * @param labelled indexes of points that have their label; they are never picked
 * @param k how many to pick; at most as many as are not labelled
 * @returns indexes of the picked points, in the order in which they were picked
 * @throws StatisticsError `invalid-argument`, `length-mismatch` (points of other lengths than the first)
 */
export function greedyCoreSet(points: Iterable<Iterable<number>>, labelled: Iterable<number>, k: number): number[] {
  const { coordinates, count } = parsePoints(points)
  /** Squared distance to the nearest labelled or picked point; −1 of those themselves. */
  const farness = new Float64Array(count).fill(Infinity)
  let open = count
  for (const [place, index] of parseList(labelled, 'labelled').entries()) {
    if (!(Number.isSafeInteger(index) && index >= 0 && index < count)) {
      throw invalid(`labelled[${place}]`, index, `Pass indexes of the ${count} points, from 0 on`)
    }
    if (farness[index] === -1) continue
    open -= 1
    bringNearer(farness, coordinates, index)
  }
  if (parseWhole(k, 'k', 0) > open) throw invalid('k', k, `Pass at most ${open}, the number of points without a label`)
  return Array.from({ length: k }, () => {
    let farthest = 0
    for (let index = 1; index < count; index += 1) {
      if ((farness[index] ?? 0) > (farness[farthest] ?? 0)) farthest = index
    }
    bringNearer(farness, coordinates, farthest)
    return farthest
  })
}

function parsePoints(points: Iterable<Iterable<number>>): { coordinates: Float64Array; count: number } {
  const list = parseList(points, 'points').map((point, index) => parseNumbers(point, `points[${index}]`))
  const dimensions = list[0]?.length ?? 0
  const coordinates = new Float64Array(list.length * dimensions)
  for (const [index, point] of list.entries()) {
    if (point.length !== dimensions) {
      throw new StatisticsError(
        'length-mismatch',
        `points[${index}] has ${point.length} numbers, and points[0] has ${dimensions}`,
        'Pass points with equally many numbers',
      )
    }
    const large = point.findIndex((number) => Math.abs(number) > 1e150)
    if (large !== -1) throw invalid(`points[${index}][${large}]`, point[large], 'Pass numbers up to 1e150')
    coordinates.set(point, index * dimensions)
  }
  return { coordinates, count: list.length }
}

/** Takes a point for labelled from now on. */
function bringNearer(farness: Float64Array, coordinates: Float64Array, centre: number): void {
  const dimensions = coordinates.length / farness.length
  const from = centre * dimensions
  for (let index = 0; index < farness.length; index += 1) {
    const known = farness[index] ?? 0
    const start = index * dimensions
    let squares = 0
    // Once it is farther than another centre, it does not matter by how much.
    for (let axis = 0; axis < dimensions && squares < known; axis += 1) {
      squares += ((coordinates[start + axis] ?? 0) - (coordinates[from + axis] ?? 0)) ** 2
    }
    if (squares < known) farness[index] = squares
  }
  farness[centre] = -1
}
