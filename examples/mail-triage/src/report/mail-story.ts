import type { LineageLine, Policy, Register, TrackingId } from '@groundtrace/core'
import { traceOf, type Trace } from 'groundtrace'
import type { JobRecord } from '../job-record.ts'
import { MODEL } from '../settings.ts'
import { count, percent } from '../words.ts'
import { html, raw, type Markup } from './html.ts'

/** Members of the training set of the version that served last. */
async function lastTrainingSet({
  register,
  deployed,
}: JobRecord): Promise<(LineageLine & { kind: 'data-set-made' }) | undefined> {
  const last = deployed.at(-1)
  return last === undefined ? undefined : await register.dataSet(last.trainedOn)
}

/** A mail worth telling: blocked, released by the holdout, answered, and learned from. */
async function toldMail(record: JobRecord): Promise<TrackingId | undefined> {
  const trained = new Set((await lastTrainingSet(record))?.members.map(({ prediction }) => prediction))
  const candidates = record.mails.filter(({ trackingId }) => trained.has(trackingId))
  const released = candidates.filter(({ policy }) => policy.action === 'block' && policy.explored === true)
  const wrong = released.find(({ truth, predicted }) => truth !== predicted)
  return (wrong ?? released[0] ?? candidates[0])?.trackingId
}

const moment = (time: number): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ')

/** What the service did with a mail, and what chance had to do with it. */
function done({ action, explored, propensity }: Policy): string {
  const chance = percent(propensity, 0)
  if (action === 'block') {
    return explored
      ? `would have been blocked; released by a chance of ${chance}`
      : `blocked; a chance of ${chance} did not release it`
  }
  return explored
    ? `passed, and audited by a chance of ${chance}`
    : `passed; a chance of ${chance} did not have it audited`
}

interface Step {
  readonly title: string
  readonly time?: number
  readonly lines: readonly string[]
}

const ROLES = ['training', 'validation'] as const

/** The data sets of a role that an example is in, in one line, if any. */
function setsOf(dataSets: Trace['dataSets'], role: (typeof ROLES)[number]): readonly string[] {
  const names = dataSets.filter((set) => set.role === role).map(({ dataSet }) => dataSet)
  return names.length === 0
    ? []
    : [`in ${names.length} ${role} ${names.length === 1 ? 'set' : 'sets'}: ${names.join(', ')}`]
}

function stepsOf({ prediction, feedback, outcomes, dataSets, trackingId }: Trace, served: number): readonly Step[] {
  const { model, value, scores, policy, features, time } = prediction
  const versions = [...new Set(dataSets.filter(({ role }) => role === 'training').flatMap((set) => set.versions))]
  return [
    { title: 'Mail', time, lines: [`“${String(features?.excerpt)}”`, 'Masked before it reached the register.'] },
    {
      title: 'Prediction',
      time,
      lines: [
        `${model.name} ${model.version} says ${String(value)} (spam ${percent(scores?.spam)})`,
        ...(policy === undefined ? [] : [done(policy)]),
        `tracking ID ${trackingId}`,
      ],
    },
    ...feedback.map(({ feedback: said }) => ({
      title: `Feedback from ${said.source}`,
      time: said.time,
      lines: [
        'label' in said
          ? `says ${String(said.label)}`
          : said.kind === 'rating'
            ? said.right
              ? 'says right'
              : 'says wrong'
            : said.kind,
        `ID ${said.id}`,
      ],
    })),
    ...outcomes.map((outcome) => ({
      title: `Outcome ${outcome.version}: ${outcome.state}`,
      time: outcome.time,
      lines: [
        `truth: ${String(outcome.label ?? 'unknown')}${outcome.authority === undefined ? '' : ` (authority: ${outcome.authority})`}${outcome.phase === 'horizon' ? '. Its horizon has passed: now its quality counts' : ''}`,
      ],
    })),
    { title: 'Examples', lines: ROLES.flatMap((role) => setsOf(dataSets, role)) },
    {
      title: 'Versions that learned from it',
      lines: [versions.join(', '), `Together they made ${count(served)} predictions.`],
    },
  ]
}

/** Predictions made by the versions that were trained on this one. */
async function servedBy(register: Register, { dataSets }: Trace): Promise<number> {
  const names = new Set(dataSets.filter(({ role }) => role === 'training').flatMap(({ versions }) => versions))
  const versions = await register.versions()
  return versions
    .filter(({ model, version }) => model === MODEL && names.has(`${model} ${version}`))
    .reduce((sum, { predictions }) => sum + predictions, 0)
}

const stepMarkup = ({ title, time, lines }: Step): Markup =>
  html`<li>
    <h3>${title}</h3>
    ${time === undefined ? raw('') : html`<time>${moment(time)}</time>`} ${lines.map((line) => html`<p>${line}</p>`)}
  </li>`

/** One mail's way around the loop. */
export async function mailStory(record: JobRecord): Promise<Markup> {
  const id = await toldMail(record)
  const trace = id === undefined ? undefined : await traceOf(record.register, id)
  if (trace === undefined) return html`<p>No live mail was learned from in this run.</p>`
  const steps = stepsOf(trace, await servedBy(record.register, trace))
  return html`<ol class="story">
      ${steps.map(stepMarkup)}
    </ol>
    <p class="note">
      The same on the command line:
      <code>npx groundtrace trace ${trace.trackingId} --register out/mail-triage/register.db</code>
    </p>`
}
