/**
 * A time of the server's that is some seconds earlier, in its own form: what it wrote while others were still writing, or
 * while its clock went back a little, is read once more.
 */
export function secondsBefore(time: string, seconds: number): string {
  const earlier = new Date(new Date(time).getTime() - seconds * 1000)
  return `${earlier.toISOString().slice(0, -1)}000Z`
}

/** The later one of two times. */
export function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a > b ? a : b
}
