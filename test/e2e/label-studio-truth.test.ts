import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exampleFrom, type Feedback, type Outcome, type TrackingId } from '@groundtrace/core'
import {
  annotatorReport,
  annotatorReportText,
  applyPlan,
  bridgePlan,
  createLabelStudioClient,
  openOutbox,
  planAnswers,
  readPlan,
  truthReport,
  type AnnotationPlan,
  type Bridge,
  type LabelStudio,
  type Outbox,
} from '@groundtrace/label-studio'
import { loopMetrics } from '@groundtrace/prometheus'
import { openSqliteRegister } from '@groundtrace/register'
import { seededRandom } from '@groundtrace/statistics'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasLabelStudio, startLabelStudio, type Account, type LabelStudioServer } from '../services/label-studio.ts'
import { scoredMails, SPAM, type Mail } from './selected-mails.ts'

if (!hasLabelStudio && process.env['CI'] === 'true')
  throw new Error('Label Studio is missing. Install it: npm test -- --services.')

const PLAN = `
tasks:
  spam:
    kind: binary
    classes: [ham, spam]
    question: Did anybody want this mail?
    show:
      - { field: subject, feature: subject, title: Subject }
      - { field: excerpt, feature: excerpt, title: Beginning }
    guidelines: A mail that somebody asked for is wanted.
    crowd: { title: Mails for the crowd }
    expert: { title: Mails for experts }
    selection:
      mix: { random: 1, uncertainty: 1 }
      private: [account]
      crowd: { perRound: 500 }
      expert: { perRound: 10 }
    truth:
      crowd: { agreeing: 3, maximum: 3, posterior: 0.95 }
`

/** Of the selected mails, so many are answered: the server takes some fifteen answers a second. */
const ANSWERED = 96
/** Of these, so many by all three. */
const BY_ALL = 32
const SELECTED = 500

/** How often each is right, by what is true. */
const SKILLS: Readonly<Record<string, Readonly<Record<Mail['truth'], number>>>> = {
  ann: { ham: 0.96, spam: 0.92 },
  bob: { ham: 0.92, spam: 0.94 },
  cy: { ham: 0.84, spam: 0.86 },
  expert: { ham: 1, spam: 1 },
}

interface ApiTask {
  readonly id: number
  readonly data: Readonly<Record<string, string>>
  readonly annotations: readonly ApiAnnotation[]
  /** Served to nobody. */
  readonly is_labeled: boolean
}

interface ApiAnnotation {
  readonly id: number
  readonly result: readonly { readonly from_name: string; readonly value: { readonly choices?: readonly string[] } }[]
  readonly completed_by: number | { readonly id: number }
  readonly ground_truth: boolean
}

/** What somebody chose, read from the server's own words. */
const chosen = ({ result }: Pick<ApiAnnotation, 'result'>): string | undefined =>
  result.find(({ from_name: name }) => name === 'answer')?.value.choices?.[0]

const other = (label: string): string => (label === 'ham' ? 'spam' : 'ham')

/** What somebody says of a mail: right as often as they are, and the same whenever they are asked. */
function labelBy(name: string, { truth, prediction }: Mail): string {
  const isRight = seededRandom(`${name} ${prediction.id}`)() < (SKILLS[name]?.[truth] ?? 0)
  return isRight ? truth : other(truth)
}

const resultOf = (label: string, isUnclear = false) => [
  { from_name: 'answer', to_name: 'item', type: 'choices', value: { choices: [label] } },
  ...(isUnclear ? [{ from_name: 'unclear', to_name: 'item', type: 'choices', value: { choices: ['unclear'] } }] : []),
]

const rightBy = (label: (mail: Mail) => unknown, of: readonly Mail[]): number =>
  of.filter((mail) => label(mail) === mail.truth).length / of.length

describe.runIf(hasLabelStudio)('a crowd, an expert and a real Label Studio', () => {
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-truth-'))
  const plan: AnnotationPlan = readPlan(PLAN)
  const register = openSqliteRegister({ path: ':memory:', tasks: [SPAM], thread: 'caller' })
  let server: LabelStudioServer
  let labelStudio: LabelStudio
  let outbox: Outbox
  let bridge: Bridge
  let mails: ReadonlyMap<TrackingId, Mail>
  let people: Readonly<Record<string, Account>>
  let projects: Readonly<Record<string, number>>

  beforeAll(async () => {
    server = await startLabelStudio()
    labelStudio = createLabelStudioClient({ url: server.url, token: server.admin.token })
    const list = await scoredMails(Date.now())
    mails = new Map(list.map((mail) => [mail.prediction.id, mail]))
    await register.appendPredictions(list.map(({ prediction }) => prediction))
    const accounts: Record<string, Account> = {}
    // One after the other: the server's SQLite does not take two at once.
    for (const name of Object.keys(SKILLS)) accounts[name] = await server.signUp(name)
    people = accounts
    const applied = await applyPlan(labelStudio, plan)
    projects = Object.fromEntries(applied.projects.map(({ name, server: number }) => [name, number]))
    outbox = openOutbox({ path: join(folder, 'outbox.db') })
    const secret = 'what decides who is drawn'
    bridge = await bridgePlan({ plan, labelStudio, outbox, register, secret, quietSeconds: 0, overlapSeconds: 1 })
  }, 300_000)

  afterAll(async () => {
    outbox?.close()
    await register.close()
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** The tasks of a project as the server itself lists them, all or the first ones. */
  async function tasksOf(name: string, limit = Infinity): Promise<readonly ApiTask[]> {
    const all: ApiTask[] = []
    for (let page = 1; ; page += 1) {
      const path = `/api/tasks?project=${projects[name]}&fields=all&page=${page}&page_size=${Math.min(limit, 250)}`
      const { tasks, total } = await server.api<{ tasks: ApiTask[]; total: number }>(path)
      all.push(...tasks)
      if (all.length >= Math.min(limit, total)) return all.toSorted((a, b) => a.id - b.id)
    }
  }

  function mailOf({ data }: ApiTask): Mail {
    const unit = outbox.units.byKey(data['groundtrace_key'] ?? '')
    const mail = unit && mails.get(unit.prediction)
    if (mail === undefined) throw new Error(`No mail stands behind ${JSON.stringify(data)}`)
    return mail
  }

  async function answer(task: ApiTask, name: string, label: string, isUnclear = false): Promise<ApiAnnotation> {
    const token = people[name]?.token ?? ''
    const body = { result: resultOf(label, isUnclear), lead_time: 4 + (task.id % 5) }
    return await server.api(`/api/tasks/${task.id}/annotations/`, { method: 'POST', body, token })
  }

  async function settle(): Promise<void> {
    for (let round = 0; round < 2; round += 1) {
      const { troubles } = await bridge.tick()
      expect(troubles).toEqual([])
    }
  }

  const last = async (id: TrackingId): Promise<Outcome | undefined> => (await register.outcomesOf(id)).at(-1)

  async function linesBy(kind: Feedback['kind'], source: string): Promise<readonly Feedback[]> {
    const { lines } = await register.read('feedback', { after: 0, limit: 10_000 })
    return lines.map(({ feedback }) => feedback).filter((one) => one.kind === kind && one.source === source)
  }

  /** A task beside what the register holds of its prediction. */
  interface Beside {
    readonly votes: readonly (string | undefined)[]
    readonly marked: readonly (string | undefined)[]
    readonly outcome: Outcome | undefined
  }

  async function beside(name: string, limit?: number): Promise<readonly Beside[]> {
    const tasks = await tasksOf(name, limit)
    return await Promise.all(
      tasks.map(async (task) => ({
        votes: task.annotations.map(chosen),
        marked: task.annotations.filter(({ ground_truth: isMarked }) => isMarked).map(chosen),
        outcome: await last(mailOf(task).prediction.id),
      })),
    )
  }

  /**
   * Line by line, register and server agree on what is ground truth.
   * @returns how many predictions the crowd and the expert have settled
   */
  async function expectAgreement(limit?: number): Promise<{ readonly crowd: number; readonly expert: number }> {
    const ofCrowd = await beside('spam-crowd', limit)
    const ofExpert = await beside('spam-expert')
    for (const { votes, marked, outcome } of [...ofCrowd, ...ofExpert]) {
      const label = outcome?.state === 'settled' ? outcome.label : undefined
      // One of the answers that agree with the register, where there is one; and none else.
      expect(marked).toEqual(label !== undefined && votes.includes(String(label)) ? [label] : [])
    }
    // Who is settled or sent to the expert is asked about no more; whoever is neither is, also again.
    const stages = new Map(
      (await tasksOf('spam-crowd', limit)).map((task) => {
        const unit = outbox.units.byKey(task.data['groundtrace_key'] ?? '')
        const { stage = 'open' } = outbox.truths.of(unit?.id ?? 0).at(-1) ?? {}
        return [`${task.id} ${stage}`, [stage === 'open', task.is_labeled]] as const
      }),
    )
    expect([...stages].filter(([, [isOpen, isLabeled]]) => isOpen === isLabeled)).toEqual([])
    const answered = ofExpert.filter(({ votes }) => votes.length > 0)
    const authorities = answered.map(({ outcome }) => `${outcome?.state} by ${outcome?.authority}`)
    expect(new Set(authorities)).toEqual(new Set(answered.length > 0 ? ['settled by expert'] : []))
    const byCrowd = ofCrowd.filter(({ outcome }) => outcome?.state === 'settled' && outcome.authority === 'crowd')
    // Nobody is outvoted by fewer, and nothing is settled by one alone.
    const wins = byCrowd.filter(({ votes, outcome }) => {
      const agreeing = votes.filter((vote) => vote === outcome?.label).length
      return agreeing >= 2 && agreeing > votes.length / 2
    })
    expect(wins).toEqual(byCrowd)
    return { crowd: byCrowd.length, expert: answered.length }
  }

  test('from 500 selected mails to ground truth: settled, escalated, retracted, and the same everywhere', async () => {
    expect(await bridge.tick()).toMatchObject({ picked: SELECTED + 10, sent: SELECTED + 10, troubles: [] })
    const tasks = await tasksOf('spam-crowd')
    const privates = await tasksOf('spam-expert')
    expect([tasks.length, privates.length]).toEqual([SELECTED, 10])
    // What the server has of a mail: what is shown, and the key. No tracking ID, and nothing private in the crowd's project.
    expect(new Set(tasks.flatMap(({ data }) => Object.keys(data)))).toEqual(
      new Set(['subject', 'excerpt', 'groundtrace_key']),
    )
    expect(tasks.filter((task) => mailOf(task).prediction.features?.['account'] !== undefined)).toEqual([])
    expect(privates.filter((task) => mailOf(task).prediction.features?.['account'] === undefined)).toEqual([])

    // Two answer each mail, the third some of them and those that the first two disagree on.
    const answered = tasks.slice(0, ANSWERED)
    for (const [index, task] of answered.entries()) {
      const mail = mailOf(task)
      const isUnclear = index === 5
      for (const name of ['ann', 'bob']) await answer(task, name, labelBy(name, mail), isUnclear)
      const differ = labelBy('ann', mail) !== labelBy('bob', mail)
      if (index < BY_ALL || differ) await answer(task, 'cy', labelBy('cy', mail))
    }
    await settle()
    const first = await expectAgreement(ANSWERED)
    const contentious = outbox.truths
      .counts()
      .find(({ project, stage }) => project === 'spam-crowd' && stage === 'escalated')
    expect(first.crowd).toBeGreaterThan(ANSWERED / 2)
    expect(contentious?.units).toBeGreaterThan(0)

    // Contentious mails are with the expert now, of the crowd's answers nothing.
    const escalated = (await tasksOf('spam-expert')).slice(privates.length)
    expect(escalated.length).toBe(contentious?.units)
    expect(escalated.flatMap(({ annotations }) => annotations)).toEqual([])
    expect(new Set(escalated.flatMap(({ data }) => Object.keys(data)))).toEqual(
      new Set(['subject', 'excerpt', 'groundtrace_key']),
    )
    const unclear = answered[5] === undefined ? undefined : mailOf(answered[5]).prediction.id
    const flagged = outbox.units.ofPrediction(unclear ?? ('' as TrackingId))
    expect(flagged.map(({ project, reason }) => `${project} ${reason}`)).toEqual([
      expect.stringContaining('spam-crowd'),
      'spam-expert escalated',
    ])
    expect(outbox.truths.of(flagged[0]?.id ?? 0).at(-1)?.verdict).toMatchObject({ why: ['unclear'] })
    for (const task of [...privates, ...escalated]) await answer(task, 'expert', labelBy('expert', mailOf(task)))
    await settle()
    const second = await expectAgreement(ANSWERED)
    expect(second).toEqual({ crowd: first.crowd, expert: privates.length + escalated.length })

    // Somebody changes their mind, and somebody else takes an answer back.
    const settledByTwo: ApiTask[] = []
    for (const task of await tasksOf('spam-crowd', ANSWERED)) {
      const outcome = await last(mailOf(task).prediction.id)
      if (outcome?.authority === 'crowd' && task.annotations.length === 2) settledByTwo.push(task)
    }
    const [edited, taken] = settledByTwo
    if (edited === undefined || taken === undefined) throw new Error('two mails were settled by two answers')
    const byAnn = edited.annotations.find(
      ({ completed_by: by }) => (typeof by === 'number' ? by : by.id) === people['ann']?.id,
    )
    const before = chosen(byAnn ?? { result: [] }) ?? ''
    const change = { result: resultOf(other(before), true) }
    await server.api(`/api/annotations/${byAnn?.id}`, {
      method: 'PATCH',
      body: change,
      token: people['ann']?.token ?? '',
    })
    const deleted = taken.annotations[0]?.id
    await server.api(`/api/annotations/${deleted}`, { method: 'DELETE', token: people['bob']?.token ?? '' })
    await settle()
    for (const task of [edited, taken])
      expect(await last(mailOf(task).prediction.id)).toMatchObject({ state: 'retracted' })
    expect(await linesBy('retraction', 'spam-crowd')).toHaveLength(2)
    expect(await expectAgreement(ANSWERED)).toEqual({ ...second, crowd: second.crowd - 2 })

    // The third finds it unclear as well, which makes it contentious, and the expert ends it.
    await answer(edited, 'cy', before, true)
    await settle()
    const late = (await tasksOf('spam-expert')).find((task) => mailOf(task) === mailOf(edited))
    if (late === undefined) throw new Error('the edited mail was sent to the expert')
    await answer(late, 'expert', before)
    await settle()
    const third = await expectAgreement()
    expect(third).toEqual({ crowd: second.crowd - 2, expert: second.expert + 1 })
    expect(await last(mailOf(edited).prediction.id)).toMatchObject({
      state: 'settled',
      authority: 'expert',
      label: before,
    })

    // The ledgers, the metrics and the exports say the same.
    const settled = { crowd: third.crowd, expert: third.expert }
    const lines = {
      crowd: await linesBy('annotation', 'spam-crowd'),
      expert: await linesBy('annotation', 'spam-expert'),
    }
    expect(lines.expert.length).toBe(settled.expert)
    expect(lines.crowd.length).toBe(settled.crowd + 2)
    for (const line of lines.crowd) expect(line).toMatchObject({ by: 'crowd', method: expect.stringMatching(/\/1$/) })
    expect(bridge.status().feedback).toEqual({ stored: lines.crowd.length + lines.expert.length + 2 })
    expect(outbox.truths.said()).toEqual([
      { project: 'spam-crowd', said: 'annotation', lines: lines.crowd.length },
      { project: 'spam-crowd', said: 'retraction', lines: 2 },
      { project: 'spam-expert', said: 'annotation', lines: lines.expert.length },
    ])
    await register.closeHorizons({ now: Date.now() + 2 * SPAM.horizonSeconds * 1000 })
    const registry = new Registry()
    const metrics = loopMetrics({ register, registry })
    await metrics.update()
    const figures = await registry.metrics()
    const figure = (name: string, ...labels: readonly string[]): number =>
      figures
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)))
        .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
    const outcomes = (authority: string) =>
      figure('groundtrace_outcomes_total', 'state="settled"', `authority="${authority}"`)
    expect([outcomes('crowd'), outcomes('expert')]).toEqual([settled.crowd, settled.expert])
    expect(figure('groundtrace_feedback_total', 'kind="annotation"', 'source="spam-crowd"')).toBe(lines.crowd.length)
    expect(figure('groundtrace_feedback_total', 'kind="retraction"', 'source="spam-crowd"')).toBe(2)
    for (const { id, email } of Object.values(people)) {
      expect(figures).not.toContain(email)
      expect(figures).not.toContain(`annotator="${id}"`)
    }

    const exported = await Promise.all(
      ['spam-crowd', 'spam-expert'].map(async (name) => {
        const path = `/api/projects/${projects[name]}/export?exportType=JSON&download_all_tasks=true`
        return await server.api<readonly ApiTask[]>(path)
      }),
    )
    const truths = new Map(
      exported
        .flat()
        .flatMap((task) =>
          task.annotations
            .filter(({ ground_truth: isMarked }) => isMarked)
            .map((annotation) => [mailOf(task).prediction.id, chosen(annotation)] as const),
        ),
    )
    const examples = new Map<TrackingId, unknown>()
    for (const { prediction } of mails.values()) {
      const outcome = await last(prediction.id)
      const example = outcome === undefined ? 'not-settled' : exampleFrom(prediction, outcome)
      if (typeof example !== 'string') examples.set(prediction.id, example.label)
    }
    expect(examples.size).toBe(settled.crowd + settled.expert)
    expect(examples).toEqual(truths)

    // And it is nearer the truth than anybody of the crowd.
    const judged = [...examples.keys()].flatMap((id) => mails.get(id) ?? [])
    const accuracy = rightBy(({ prediction }) => examples.get(prediction.id), judged)
    for (const name of ['ann', 'bob', 'cy']) {
      expect(accuracy).toBeGreaterThan(rightBy((mail) => labelBy(name, mail), answered.map(mailOf)))
    }

    // Another look, also of another process, changes nothing.
    const ticks = [await bridge.tick(), await bridge.tick()]
    expect(ticks.map(({ feedback, sent }) => feedback + sent)).toEqual([0, 0])
    const again = await bridgePlan({ plan, labelStudio, outbox, register, secret: 'what decides who is drawn' })
    expect(await again.tick()).toMatchObject({ feedback: 0, sent: 0, troubles: [] })
    expect(await expectAgreement()).toEqual(settled)

    // The reports: people by number, each with an interval that holds how often they are right.
    const task = plan.tasks[0]
    if (task === undefined) throw new Error('the plan has a task')
    const from = { outbox, policy: task.truth, readAnswer: planAnswers(plan.tasks) }
    expect(truthReport(from)).toMatchObject({
      crowd: { settled: settled.crowd, lines: { annotation: lines.crowd.length, retraction: 2 } },
      expert: { settled: settled.expert, open: 0, contentious: 0 },
    })
    const report = annotatorReport(from)
    const crowd = ['ann', 'bob', 'cy'].map((name) => people[name]?.id ?? 0)
    expect(report?.annotators.map(({ annotator }) => annotator)).toEqual(crowd.toSorted((a, b) => a - b))
    for (const name of ['ann', 'bob', 'cy']) {
      const entry = report?.annotators.find(({ annotator }) => annotator === people[name]?.id)
      const accuracy = entry?.accuracy.state === 'known' ? entry.accuracy : undefined
      // Of what they answered; the third answered what the first two disagree on as well.
      const own = answered.filter((one) => {
        const unit = outbox.units.byKey(one.data['groundtrace_key'] ?? '')
        return outbox.answers.of(unit?.id ?? 0).some(({ content }) => content.annotator === entry?.annotator)
      })
      const rate = rightBy((mail) => labelBy(name, mail), own.map(mailOf))
      expect(accuracy?.interval[0]).toBeLessThanOrEqual(rate)
      expect(accuracy?.interval[1]).toBeGreaterThanOrEqual(rate)
      expect(entry?.careless).not.toMatchObject({ habit: 'yes' })
    }
    expect(report === undefined ? '' : annotatorReportText(report)).not.toMatch(/NaN|undefined|@/)
  })
})
