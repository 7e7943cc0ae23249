import type { LabelStudio } from '@groundtrace/label-studio'

export const LABEL_CONFIG =
  '<View><Text name="text" value="$text"/><Choices name="choice" toName="text"><Choice value="A"/><Choice value="B"/></Choices></View>'

/** What a person chose, as the editor writes it. */
export function region(choice: string) {
  return { from_name: 'choice', to_name: 'text', type: 'choices', value: { choices: [choice] } }
}

/** All items of all pages. */
export async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const items: T[] = []
  for await (const page of pages) items.push(...page)
  return items
}

/** Asks a server for everything that the client can ask for, with all that can be said. */
export async function askForEverything(client: LabelStudio, mlBackend: string): Promise<void> {
  await client.health()
  await client.version()
  await client.currentUser()
  await client.users()
  await client.inviteLink()
  const { id } = await client.createProject({ title: 'Everything', labelConfig: LABEL_CONFIG, guidelines: 'Choose.' })
  await client.updateProject(id, { showGuidelines: true, sampling: 'Uniform sampling', skipQueue: 'IGNORE_SKIPPED' })
  await client.project(id)
  await client.projects({ title: 'Everything' })
  const prediction = { result: [region('A')], score: 0.5, modelVersion: 'v1' }
  const [task = 0] = await client.importTasks(id, [
    { data: { text: 'One', key: 'a' }, meta: { hidden: true }, predictions: [prediction] },
    { data: { text: 'Two', key: 'b' } },
  ])
  await client.importTasks(id, [{ data: {} }]).catch(() => undefined)
  await client.createPrediction(task, prediction)
  const annotation = await client.createAnnotation(task, { result: [region('B')], leadTimeSeconds: 1.5 })
  await client.updateAnnotation(annotation.id, { groundTruth: true })
  await client.annotations(task)
  await client.task(task)
  await client.tasksByData(id, 'key', ['a'])
  await all(client.tasks(id))
  await all(client.taskIds(id))
  await client.lastTouched(id)
  await client.withdrawTask(task)
  const webhook = await client.createWebhook(id, { url: 'http://127.0.0.1:9/hook', headers: { 'x-secret': 'a' } })
  await client.updateWebhook(webhook.id, { actions: ['ANNOTATION_CREATED'] })
  await client.webhooks(id)
  await client.createMlBackend(id, { url: mlBackend, title: 'Ours' })
  await client.mlBackends(id)
}
