import { createHmac, type KeyObject } from 'node:crypto'

const STEPS = 2 ** 48

/**
 * Whether a task is one of those that annotators see without a pre-annotation. Drawn from a secret and from what is annotated,
 * so that it is the same whenever the task is asked for, by whatever replica, and nobody who sees the task can tell before.
 * @param share of all tasks, in [0, 1)
 */
export function isBlind(key: KeyObject, share: number, subject: string): boolean {
  const digest = createHmac('sha256', key).update(`blind\0${subject}`).digest()
  return digest.readUIntBE(0, 6) / STEPS < share
}
