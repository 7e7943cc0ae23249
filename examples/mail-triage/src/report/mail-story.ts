import type { LineageLine, Register, TrackingId } from '@groundtrace/core'
import { traceOf, type Trace } from 'groundtrace'
import type { JobRecord } from '../job-record.ts'
import { MODEL } from '../settings.ts'
import { percent } from '../words.ts'
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

interface Step {
  readonly title: string
  readonly time?: number
  readonly lines: readonly string[]
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
        `action ${policy?.action}, ${policy?.explored ? 'chosen' : 'not chosen'} by a chance of ${percent(policy?.propensity)}`,
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
        `truth ${String(outcome.label ?? 'unknown')}${outcome.authority === undefined ? '' : `, by ${outcome.authority}`}${outcome.phase === 'horizon' ? ', at the horizon: now its quality counts' : ''}`,
      ],
    })),
    { title: 'Examples', lines: dataSets.map(({ dataSet, role }) => `${role} set ${dataSet}`) },
    { title: 'Versions that learned from it', lines: [...versions, `which made ${served} predictions`] },
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
