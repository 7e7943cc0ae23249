import type { Register, Task } from '@groundtrace/core'

/** A register over a store of its own. */
export interface RegisterUnderTest {
  readonly register: Register
  /** Closes the register and opens the same store again, with these tasks or those it was opened with. */
  reopen(tasks?: readonly Task[]): Promise<Register>
  /** Closes what is open and removes the store. */
  remove(): Promise<void>
}

/** Opens a register over a fresh, empty store. */
export type OpenRegister = (tasks: readonly Task[]) => Promise<RegisterUnderTest>

/** Runs a test over a fresh register and removes it, whatever comes of it. */
export async function over(
  open: OpenRegister,
  tasks: readonly Task[],
  test: (register: Register, store: RegisterUnderTest) => Promise<void>,
): Promise<void> {
  const store = await open(tasks)
  try {
    await test(store.register, store)
  } finally {
    await store.remove()
  }
}
