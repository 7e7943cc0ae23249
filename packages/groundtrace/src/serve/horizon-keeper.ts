import type { Register } from '@groundtrace/core'
import { keeping, type Keeper } from './keeper.ts'

/** Predictions closed in one go: each go holds a register that writes in this thread. */
const GO = 500

/** Closes every prediction whose horizon has passed, now and then every so many seconds. */
export function keepHorizons(register: Register, seconds: number, onError: (error: unknown) => void): Keeper {
  return keeping(seconds, async () => (await register.closeHorizons({ now: Date.now(), limit: GO })) === GO, onError)
}
