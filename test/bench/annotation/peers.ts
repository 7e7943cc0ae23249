import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export type PeerCase =
  | 'krippendorff from matrix'
  | 'krippendorff from value counts'
  | 'crowd-kit, 5 iterations'
  | 'cleanlab'

export interface PeerRun {
  readonly milliseconds: number
  /** Alpha, or one digit per unit: its label. */
  readonly result: number | string
}

export interface Peers {
  /** Runs a case once, while this process waits. */
  run(name: PeerCase): Promise<PeerRun>
  stop(): Promise<void>
}

/** Starts the program of the peers on the data in this folder. */
export function startPeers(python: string, folder: string): Peers {
  const child = spawn(python, [join(import.meta.dirname, 'peers.py'), folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const exited = once(child, 'exit')
  return {
    run: async (name) => {
      child.stdin.write(`${name}\n`)
      const { done, value } = await lines.next()
      if (done === true) throw new Error(`The peers ended at "${name}". Read what they wrote above`)
      return JSON.parse(value) as PeerRun
    },
    stop: async () => {
      child.stdin.end()
      await exited
    },
  }
}
