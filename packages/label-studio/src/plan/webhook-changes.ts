import { quote } from '@groundtrace/core'
import { WEBHOOK_SECRET_HEADER } from '../bridge/webhook.ts'
import type { Webhook, WebhookSettings } from '../client/webhook.ts'
import type { Change } from './change.ts'

/** Where events go, and what they say so that they are listened to. */
export interface WebhookTarget {
  readonly url: string
  readonly secret: string
}

/**
 * Events of which the bridge makes something. Not `TASKS_CREATED`: tasks are made by the bridge itself, and the event
 * holds all of them.
 */
const ACTIONS = ['ANNOTATIONS_DELETED', 'ANNOTATION_CREATED', 'ANNOTATION_UPDATED', 'PROJECT_UPDATED', 'TASKS_DELETED']

export function webhookSettings({ url, secret }: WebhookTarget): Required<WebhookSettings> {
  return { url, headers: { [WEBHOOK_SECRET_HEADER]: secret }, sendPayload: true, actions: ACTIONS, isActive: true }
}

/** One webhook of a project against the plan: what to change, and how it is shown. */
export interface WebhookDifference {
  readonly field: keyof WebhookSettings
  readonly from: unknown
  readonly to: unknown
}

function hasSecret(headers: Webhook['headers'], secret: string): boolean {
  const sent = Object.entries(headers).filter(([name]) => name.toLowerCase() === WEBHOOK_SECRET_HEADER)
  return sent.length === 1 && sent[0]?.[1] === secret
}

/** What is otherwise than planned. The secret is not in it, nor what stands in its place. */
export function webhookDifferences(webhook: Webhook, target: WebhookTarget): readonly WebhookDifference[] {
  const settings = webhookSettings(target)
  const actions = webhook.actions === 'all' ? 'all' : webhook.actions.toSorted()
  return [
    ...(hasSecret(webhook.headers, target.secret)
      ? []
      : [{ field: 'headers', from: 'without the secret', to: 'with the secret' } as const]),
    ...(webhook.sendPayload ? [] : [{ field: 'sendPayload', from: false, to: true } as const]),
    ...(String(actions) === String(ACTIONS)
      ? []
      : [{ field: 'actions', from: actions, to: settings.actions } as const]),
    ...(webhook.isActive ? [] : [{ field: 'isActive', from: false, to: true } as const]),
  ]
}

/** The changes that make the webhooks of a project as planned. Others than ours are told of and left. */
export function webhookChanges(
  webhooks: readonly Webhook[],
  project: string,
  target: WebhookTarget,
): readonly Change[] {
  const first = webhooks.find(({ url }) => url === target.url)
  const foreign = webhooks
    .filter((webhook) => webhook !== first)
    .map(({ id, url }): Change => ({
      kind: 'foreign',
      what: 'webhook',
      project,
      // Without its path: some have secrets in it.
      detail: `Webhook ${id} sends news to ${url === target.url ? 'the same address again' : quote(URL.parse(url)?.host ?? '')}`,
    }))
  if (first === undefined) {
    const { url, actions } = webhookSettings(target)
    return [{ kind: 'create', what: 'webhook', project, to: { url, actions } }, ...foreign]
  }
  const updates = webhookDifferences(first, target).map((difference): Change => ({
    kind: 'update',
    what: 'webhook',
    project,
    ...difference,
  }))
  return [...updates, ...foreign]
}
