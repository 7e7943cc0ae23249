import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { GroundtraceError, isName, quote, type Register } from '@groundtrace/core'
import { LabelStudioError } from '../client/error.ts'
import type { Selection } from '../selection/selection.ts'
import { answerBook, type AnswerBook } from './answer-book.ts'
import { bindProject } from './bind-project.ts'
import { bridgeStatus, type BridgeStatus } from './bridge-status.ts'
import { hintQueue } from './hint-queue.ts'
import type { Outbox } from './outbox.ts'
import { reconcileProject, type ReconcileContext } from './reconcile.ts'
import { sendUnits, type SendContext } from './send.ts'
import { createWebhook, type BridgeWebhook } from './webhook.ts'

/** A project of the plan, and where it is. */
export interface BridgeProject {
  readonly name: string
  /** Its number on the server. */
  readonly server: number
}

/** What a tick does, in this order. Each step that fails is told of, and the others are done all the same. */
export const BRIDGE_STEPS = ['reconcile', 'select', 'send', 'settle', 'feedback'] as const
export type BridgeStep = (typeof BRIDGE_STEPS)[number]

export interface BridgeOptions extends ReconcileContext, Omit<SendContext, 'register'> {
  readonly outbox: Outbox
  readonly register: Pick<Register, 'prediction' | 'feedback' | 'appendFeedback'>
  readonly projects: readonly BridgeProject[]
  /** What picks predictions, by `createSelection`. Default none: only what others plan is sent. */
  readonly selections?: readonly Selection[]
  /** Settles truth from the book, after what is new was read. Default: nothing. */
  readonly settle?: (book: AnswerBook) => void | Promise<void>
  /** What webhooks have to say in the header `x-groundtrace-secret`. Default: there is no webhook. */
  readonly webhookSecret?: string
  /** How often `run` looks at the server without being told to, in seconds. Default 30. */
  readonly pollSeconds?: number
  /** Told of every step that failed, and of what could not be read. Default: nobody. */
  readonly onTrouble?: (trouble: BridgeTrouble) => void
}

export interface BridgeTrouble {
  readonly step: BridgeStep
  /** Of steps that go project by project. */
  readonly project?: string
  readonly error: unknown
}

/** What a tick did. */
export interface BridgeTick {
  readonly picked: number
  readonly sent: number
  /** Tasks that had been made although the server's answer had not come. */
  readonly found: number
  readonly dropped: number
  /** Units whose import is not settled yet. */
  readonly waiting: number
  /** Tasks that were read, and lines that the ledger of answers grew by. */
  readonly read: number
  readonly changes: number
  /** Lines that were appended to the register. */
  readonly feedback: number
  readonly troubles: readonly BridgeTrouble[]
}

export interface Bridge {
  readonly book: AnswerBook
  /** For `POST /label-studio/webhook`. Absent without a secret. */
  readonly webhook?: BridgeWebhook
  /** Does all there is to do once. Never rejects. Not while another tick runs: then it waits for that one first. */
  tick(): Promise<BridgeTick>
  /** Ticks until it is told to stop, soon after a webhook and else every `pollSeconds`; ends the tick that it is at. */
  run(signal: AbortSignal, onTick?: (tick: BridgeTick) => void): Promise<void>
  status(): BridgeStatus
}

const DEFAULT_POLL_SECONDS = 30
/** Events come in crowds: one look answers those of a second. */
const HINT_PAUSE_MS = 1000
/** So many times as long as a tick had the processor, all else has it: who answers without end must not hold up a server. */
const REST = 4

function checkedProjects(projects: readonly BridgeProject[]): readonly BridgeProject[] {
  for (const { name, server } of projects) {
    if (isName(name) && Number.isSafeInteger(server) && server > 0) continue
    throw new GroundtraceError(
      'invalid-argument',
      `Project ${quote(name)} with number ${quote(server)} is none`,
      'Pass the name that the plan gives it and its number on the server',
    )
  }
  const names = new Set(projects.map(({ name }) => name))
  const numbers = new Set(projects.map(({ server }) => server))
  if (names.size === projects.length && numbers.size === projects.length) return projects
  throw new GroundtraceError('invalid-argument', 'A project is named twice', 'Name every project once')
}

function unreadTasks(count: number, server: number): LabelStudioError {
  return new LabelStudioError(
    'invalid-answer',
    `Label Studio can't show the answers of ${count} tasks of its project ${server}: one on each is too long, or no JSON`,
    'Look for annotations whose lead_time or text is out of bounds, and delete them there; what was read before stands',
  )
}

function alteredTasks(count: number, server: number): LabelStudioError {
  return new LabelStudioError(
    'invalid-answer',
    `${count} tasks of project ${server} show something else than what was sent: somebody has edited or copied them`,
    'New answers to them do not count. Set them back as they were, or delete copies, and ask who did it',
  )
}

function registerWentBack(lines: number): GroundtraceError {
  return new GroundtraceError(
    'register-unavailable',
    `The register has lost truth that it had acknowledged: it is older than it was. All ${lines} lines are sent again`,
    'Nothing is to be done about truth; look for what else is missing in the backup that the register was restored from',
  )
}

/**
 * Makes the bridge between a register and Label Studio: what was picked is sent exactly once, and every answer that the
 * server acknowledged is read exactly once, whatever dies and however often.
 * @throws GroundtraceError `invalid-argument`
 */
export function createBridge(options: BridgeOptions): Bridge {
  const { outbox, register, selections = [], settle, webhookSecret, pollSeconds = DEFAULT_POLL_SECONDS } = options
  const projects = checkedProjects(options.projects)
  const book = answerBook(outbox)
  const hints = hintQueue((number) => projects.find(({ server }) => server === number)?.name)
  const webhook =
    webhookSecret === undefined ? undefined : createWebhook({ secret: webhookSecret, hint: (id) => hints.hint(id) })

  async function walk(): Promise<BridgeTick> {
    const troubles: BridgeTrouble[] = []
    const sum = { picked: 0, sent: 0, found: 0, dropped: 0, waiting: 0, read: 0, changes: 0, feedback: 0 }

    async function step(name: BridgeStep, project: string | undefined, work: () => unknown): Promise<void> {
      try {
        await work()
      } catch (error) {
        const trouble = { step: name, ...(project !== undefined && { project }), error }
        troubles.push(trouble)
        options.onTrouble?.(trouble)
      }
    }

    for (const { name, server } of projects) {
      // Before anything is sent: an import would hide that the server has gone back.
      await step('reconcile', name, async () => {
        bindProject(outbox, name, server)
        const { tasks, changes, unread, altered } = await reconcileProject(options, name)
        sum.read += tasks
        sum.changes += changes
        // Told and gone on from: one annotator must not keep all others from being heard.
        if (altered > 0) options.onTrouble?.({ step: 'reconcile', project: name, error: alteredTasks(altered, server) })
        if (unread > 0) options.onTrouble?.({ step: 'reconcile', project: name, error: unreadTasks(unread, server) })
      })
    }
    for (const selection of selections) {
      await step('select', undefined, async () => {
        const { picked = {} } = (await selection.round()) ?? {}
        for (const byReason of Object.values(picked)) {
          for (const units of Object.values(byReason)) sum.picked += units
        }
      })
    }
    await step('settle', undefined, () => settle?.(book))
    for (const { name } of projects) {
      if (troubles.some(({ step: failed, project }) => failed === 'reconcile' && project === name)) continue
      await step('send', name, async () => {
        const { sent, found, dropped, waiting } = await sendUnits(options, name)
        sum.sent += sent
        sum.found += found
        sum.dropped += dropped
        sum.waiting += waiting
      })
    }
    await step('feedback', undefined, async () => {
      const lost = await outbox.feedback.regain(register)
      if (lost > 0) options.onTrouble?.({ step: 'feedback', error: registerWentBack(lost) })
      sum.feedback = await outbox.feedback.flush(register)
    })
    return { ...sum, troubles }
  }

  let running: Promise<unknown> = Promise.resolve()

  function tick(): Promise<BridgeTick> {
    const next = running.then(walk, walk)
    running = next
    return next
  }

  return {
    book,
    ...(webhook !== undefined && { webhook }),
    tick,
    async run(signal, onTick) {
      while (!signal.aborted) {
        hints.take()
        const before = performance.eventLoopUtilization()
        const done = await tick()
        onTick?.(done)
        await pause(signal, performance.eventLoopUtilization(before).active)
      }
    },
    status: () => ({ ...bridgeStatus(outbox), ...(webhook !== undefined && { webhook: webhook.counts() }) }),
  }

  /** @param busy how long the last tick kept all else in this process waiting, in milliseconds */
  async function pause(signal: AbortSignal, busy: number): Promise<void> {
    const ended = new AbortController()
    const either = AbortSignal.any([signal, ended.signal])
    const poll = setTimeout(pollSeconds * 1000, undefined, { signal: either }).catch(() => undefined)
    await Promise.race([poll, hints.next(either)])
    ended.abort()
    const crowd = Math.max(Math.min(HINT_PAUSE_MS, pollSeconds * 1000), REST * busy)
    await setTimeout(crowd, undefined, { signal }).catch(() => undefined)
  }
}
