import { checkedId, checkedObject } from './check-arguments.ts'
import type { Connection } from './connection.ts'
import type { LabelStudio } from './label-studio.ts'
import { fieldTaker, listOf, type Read, readBoolean, readFields, readText, readTime, readWhole } from './read.ts'
import type { Webhook, WebhookSettings } from './webhook.ts'

type WebhookOperations = Pick<LabelStudio, 'webhooks' | 'createWebhook' | 'updateWebhook'>

const readHeaders: Read<Readonly<Record<string, string>>> = (value, where) =>
  Object.fromEntries(
    Object.entries(readFields(value, where)).map(([name, text]) => [name, readText(text, `${where}.${name}`)]),
  )

const readWebhook: Read<Webhook> = (value, where) => {
  const take = fieldTaker(value, where)
  return {
    id: take(readWhole, 'id'),
    project: take(readWhole, 'project'),
    url: take(readText, 'url'),
    headers: take(readHeaders, 'headers'),
    sendPayload: take(readBoolean, 'send_payload'),
    actions: take(readBoolean, 'send_for_all_actions') ? 'all' : take(listOf(readText), 'actions'),
    isActive: take(readBoolean, 'is_active'),
    updatedAt: take(readTime, 'updated_at'),
  }
}

/** In the server's names. Which events there are, the server knows. */
function bodyOf(settings: Partial<WebhookSettings>) {
  const { url, headers, sendPayload, actions, isActive } = settings
  const names = (actions === 'all' ? [] : actions) as readonly 'ANNOTATION_CREATED'[] | undefined
  return {
    ...(url !== undefined && { url }),
    ...(headers !== undefined && { headers }),
    ...(sendPayload !== undefined && { send_payload: sendPayload }),
    ...(names !== undefined && { actions: names, send_for_all_actions: actions === 'all' }),
    ...(isActive !== undefined && { is_active: isActive }),
  }
}

export function webhookOperations({ api, required }: Connection): WebhookOperations {
  return {
    async webhooks(project) {
      const query = { project: String(checkedId(project, 'project')) }
      const call = api.GET('/api/webhooks/', { params: { query } })
      const all = listOf(readWebhook)(await required(`request for webhooks of project ${project}`, call), 'webhooks')
      return all.toSorted((a, b) => a.id - b.id)
    },
    async createWebhook(project, settings) {
      const body = {
        project: checkedId(project, 'project'),
        ...bodyOf({ actions: 'all', ...checkedObject(settings, 'webhook') }),
        url: settings.url,
      }
      const call = api.POST('/api/webhooks/', { body })
      return readWebhook(await required(`webhook of project ${project}`, call), 'the webhook')
    },
    async updateWebhook(id, changes) {
      const path = { id: checkedId(id, 'webhook') }
      const call = api.PATCH('/api/webhooks/{id}/', {
        params: { path },
        body: bodyOf(checkedObject(changes, 'webhook')),
      })
      return readWebhook(await required(`change of webhook ${id}`, call), 'the webhook')
    },
  }
}
