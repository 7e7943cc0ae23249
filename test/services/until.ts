import { setTimeout } from 'node:timers/promises'

const PAUSE_MILLISECONDS = 50

/**
 * Asks again until there is an answer.
 * @param ask the answer, or undefined while there is none
 * @param what for the error at the deadline
 */
export async function until<T>(ask: () => Promise<T | undefined>, what: string, deadlineSeconds = 30): Promise<T> {
  const deadline = Date.now() + deadlineSeconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > deadline) throw new Error(`Not within ${deadlineSeconds} seconds: ${what}`)
    await setTimeout(PAUSE_MILLISECONDS)
  }
}
