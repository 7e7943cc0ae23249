import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineTask, formatTrackingId, type Register, type TrackingId } from '@groundtrace/core'
import {
  createBridge,
  createLabelStudioClient,
  labelStudioServer,
  openOutbox,
  type Bridge,
  type BridgeTrouble,
  type Outbox,
} from '@groundtrace/label-studio'
import { openSqliteRegister } from '@groundtrace/register'
import type { Account, LabelStudioServer } from '../services/label-studio.ts'

const LABELS = ['ham', 'spam'] as const

const CONFIG = `<View><Text name="text" value="$text"/><Choices name="answer" toName="text" choice="single">${LABELS.map(
  (label) => `<Choice value="${label}"/>`,
).join('')}</Choices></View>`

const spam = defineTask({ name: 'spam', kind: 'binary', classes: LABELS })

export const idOf = (number: number): TrackingId =>
  formatTrackingId({ traceId: (number + 1).toString(16).padStart(32, '0'), spanId: 'c'.repeat(16) })

/** An annotation as the server's API tells it. */
export interface ApiAnnotation {
  readonly id: number
  readonly result: readonly unknown[]
  readonly completed_by: number | { readonly id: number }
  readonly was_cancelled: boolean
  readonly created_at: string
}

/** A task as the server's API tells it. */
export interface ApiTask {
  readonly id: number
  readonly data: { readonly groundtrace_key?: string }
  readonly annotations: readonly ApiAnnotation[]
}

export type Label = (typeof LABELS)[number]

export const resultOf = (label: Label): readonly unknown[] => [
  { from_name: 'answer', to_name: 'text', type: 'choices', value: { choices: [label] } },
]

/** A project on a real server, a register with predictions, and a bridge between them that can be ended and begun again. */
export class LabelStudioWorld {
  readonly server: LabelStudioServer
  readonly project: number
  readonly register: Register
  readonly #folder = mkdtempSync(join(tmpdir(), 'groundtrace-bridge-run-'))
  #outbox: Outbox | undefined
  #bridge: Bridge | undefined
  /** What stands between the bridge and the server. */
  fetch: (request: Request) => Promise<Response> = (request) => fetch(request)
  /** Told of what fails. */
  onTrouble: (trouble: BridgeTrouble) => void = () => undefined

  private constructor(server: LabelStudioServer, project: number, register: Register) {
    this.server = server
    this.project = project
    this.register = register
  }

  static async make(server: LabelStudioServer, title: string, predictions: number): Promise<LabelStudioWorld> {
    const settings = { title, label_config: CONFIG, maximum_annotations: 3 }
    const { id } = await server.api<{ id: number }>('/api/projects/', { method: 'POST', body: settings })
    const register = openSqliteRegister({ path: ':memory:', tasks: [spam], thread: 'caller' })
    const now = Date.now()
    await register.appendPredictions(
      Array.from({ length: predictions }, (_, number) => ({
        id: idOf(number),
        task: spam,
        model: { name: 'filter', version: '1' },
        time: now,
        value: LABELS[number % 2] ?? 'ham',
        features: { text: `mail ${number}` },
      })),
    )
    return new LabelStudioWorld(server, id, register)
  }

  get outbox(): Outbox {
    return (this.#outbox ??= openOutbox({ path: join(this.#folder, 'outbox.db') }))
  }

  get bridge(): Bridge {
    const { admin, url } = this.server
    return (this.#bridge ??= createBridge({
      outbox: this.outbox,
      register: this.register,
      server: labelStudioServer(
        createLabelStudioClient({ url, token: admin.token, fetch: (request) => this.fetch(request) }),
        admin,
      ),
      projects: [{ name: 'crowd', server: this.project }],
      taskData: ({ features }) => ({ text: features?.['text'] }),
      onTrouble: (trouble) => this.onTrouble(trouble),
      webhookSecret: 'the secret of the webhook',
      // A server that was killed does not go on with what it was at.
      quietSeconds: 0,
      batch: 40,
      pollSeconds: 3600,
    }))
  }

  plan(from: number, count: number): void {
    const numbers = Array.from({ length: count }, (_, index) => from + index)
    this.bridge.book.plan(numbers.map((number) => ({ prediction: idOf(number), project: 'crowd', reason: 'random' })))
  }

  /** The process of the bridge ends, and another one begins. */
  restartBridge(): void {
    this.#outbox?.close()
    this.#outbox = undefined
    this.#bridge = undefined
  }

  async annotate(task: number, { token }: Account, label: Label, isSkip = false): Promise<ApiAnnotation> {
    const body = { result: isSkip ? [] : resultOf(label), was_cancelled: isSkip }
    return await this.server.api(`/api/tasks/${task}/annotations/`, { method: 'POST', body, token })
  }

  /** All tasks, as the server itself lists them. */
  async tasks(): Promise<readonly ApiTask[]> {
    const all: ApiTask[] = []
    for (let page = 1; ; page += 1) {
      const { tasks, total } = await this.server.api<{ tasks: ApiTask[]; total: number }>(
        `/api/tasks?project=${this.project}&fields=all&page=${page}&page_size=100`,
      )
      all.push(...tasks)
      if (all.length >= total) return all
    }
  }

  /** What the server says of answers, line by line: key, who, what, when. */
  async serverLines(): Promise<readonly string[]> {
    const lines = (await this.tasks()).flatMap(({ data, annotations }) =>
      annotations.map(({ completed_by: by, result, was_cancelled: skipped, created_at: created }) =>
        JSON.stringify([data.groundtrace_key, typeof by === 'number' ? by : by.id, skipped, result, created]),
      ),
    )
    return lines.toSorted()
  }

  /** The same as the book has it. */
  bookLines(): readonly string[] {
    const { units } = this.bridge.book.units({ limit: 100_000 })
    const lines = units.flatMap(({ unit, answers }) =>
      answers
        .filter(({ state }) => state !== 'deleted')
        .map(({ content: { annotator, skipped, result }, created }) =>
          JSON.stringify([unit.key, annotator, skipped, result, created]),
        ),
    )
    return lines.toSorted()
  }

  async end(): Promise<void> {
    this.restartBridge()
    await this.register.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
