import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  defineTask,
  formatTrackingId,
  type Feedback,
  type Prediction,
  type Receipt,
  type TrackingId,
} from '@groundtrace/core'
import { createBridge, type Bridge, type BridgeOptions } from '../../src/bridge/bridge.ts'
import { openOutbox, type Outbox, type OutboxOptions } from '../../src/bridge/outbox.ts'
import { StubServer } from './stub-server.ts'

export const CROWD = 7

const task = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })

export const trackingIdOf = (number: number): TrackingId =>
  formatTrackingId({ traceId: (number + 1).toString(16).padStart(32, '0'), spanId: 'a'.repeat(16) })

export const predictionOf = (number: number): Prediction => ({
  id: trackingIdOf(number),
  task,
  model: { name: 'filter', version: '1' },
  time: 0,
  value: 'spam',
  features: { text: `mail ${number}` },
})

/** Thrown where a process dies in a test: nothing that it would have done after that happens. */
class Death extends Error {}

/** A process that dies at a step: between any two of what it writes and what it asks for. */
interface Life {
  dieAt: number
  step: number
}

/** A server, an outbox in a file, and processes that run the bridge between them one after the other, and die. */
export class BridgeWorld {
  readonly server = new StubServer(CROWD)
  readonly folder = mkdtempSync(join(tmpdir(), 'groundtrace-bridge-'))
  readonly appended = new Map<string, Feedback>()
  now = Date.UTC(2026, 0, 31)
  #life: Life = { dieAt: Infinity, step: 0 }
  #outbox: Outbox | undefined
  #bridge: Bridge | undefined
  readonly #options: Partial<BridgeOptions>

  readonly #outboxOptions: Partial<OutboxOptions>

  constructor(options: Partial<BridgeOptions> = {}, outboxOptions: Partial<OutboxOptions> = {}) {
    this.#options = options
    this.#outboxOptions = outboxOptions
  }

  get outbox(): Outbox {
    this.bridge.status()
    if (this.#outbox === undefined) throw new Error('it is open')
    return this.#outbox
  }

  get bridge(): Bridge {
    if (this.#bridge !== undefined) return this.#bridge
    const outbox = openOutbox({ path: join(this.folder, 'outbox.db'), now: () => this.now, ...this.#outboxOptions })
    const life = (this.#life = { dieAt: Infinity, step: 0 })
    this.#outbox = outbox
    this.#bridge = createBridge({
      outbox: { ...outbox, write: (work) => mortal(life, () => outbox.write(work)) },
      server: mortalServer(life, this.server),
      register: {
        prediction: async (id) => {
          const number = Number(`0x${id.slice(0, 32)}`) - 1
          return mortal(life, () => predictionOf(number))
        },
        feedback: async (id) =>
          mortal(life, () => {
            const feedback = this.appended.get(id)
            return feedback && { feedback, status: 'stored' }
          }),
        appendFeedback: async (lines) => mortal(life, () => lines.map((line) => this.#append(line))),
      },
      projects: [{ name: 'crowd', server: CROWD }],
      taskData: ({ features }) => ({ text: features?.['text'] }),
      quietSeconds: 0,
      overlapSeconds: 1,
      ...this.#options,
    })
    return this.#bridge
  }

  #append(line: Feedback): Receipt {
    const known = this.appended.has(line.id)
    this.appended.set(line.id, line)
    return { id: line.id, status: known ? 'duplicate' : 'stored' }
  }

  /** The process of now dies after so many steps of its next tick; the one after it finds what is on the disk. */
  async tickAndDie(steps: number): Promise<void> {
    const { bridge } = this
    this.#life.step = 0
    this.#life.dieAt = steps
    await bridge.tick()
    this.restart()
  }

  restart(): void {
    this.#outbox?.close()
    this.#outbox = undefined
    this.#bridge = undefined
  }

  /** A copy of the outbox as it is on the disk; the process ends. */
  backUpOutbox(): void {
    this.restart()
    copyFileSync(join(this.folder, 'outbox.db'), join(this.folder, 'backup.db'))
  }

  restoreOutbox(): void {
    this.restart()
    copyFileSync(join(this.folder, 'backup.db'), join(this.folder, 'outbox.db'))
  }

  plan(...numbers: readonly number[]): void {
    const { book } = this.bridge
    book.plan(numbers.map((number) => ({ prediction: trackingIdOf(number), project: 'crowd', reason: 'random' })))
  }

  end(): void {
    this.restart()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function step(life: Life): void {
  if (life.step >= life.dieAt) throw new Death('dead')
  life.step += 1
}

/** May die before the work, and right after it. */
function mortal<T>(life: Life, work: () => T): T {
  step(life)
  const result = work()
  step(life)
  return result
}

async function mortalCall<T>(life: Life, work: () => Promise<T>): Promise<T> {
  step(life)
  const result = await work()
  step(life)
  return result
}

function mortalServer(life: Life, server: StubServer): BridgeOptions['server'] {
  return {
    importTasks: (project, tasks) => mortalCall(life, () => server.importTasks(project, tasks)),
    tasksByKey: (project, keys) => mortalCall(life, () => server.tasksByKey(project, keys)),
    lastTouched: (project) => mortalCall(life, () => server.lastTouched(project)),
    async *tasks(project, options) {
      for await (const page of server.tasks(project, options)) yield mortal(life, () => page)
    },
  }
}
