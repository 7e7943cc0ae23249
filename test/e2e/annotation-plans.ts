import {
  readPlan,
  type AnnotationPlan,
  type LabelStudio,
  type PlannedProject,
  type StoredTask,
} from '@groundtrace/label-studio'

/** The secret of webhooks in these tests. */
export const webhookSecret = 'a-secret-made-at-random'

/** A plan of two projects, with texts that a page has to show and not obey. @param change of its text */
export const annotationPlan = (task: string, change: (text: string) => string = (text) => text): AnnotationPlan =>
  readPlan(
    change(
      `webhook: { url: 'http://127.0.0.1:9/label-studio/webhook', secret: GROUNDTRACE_WEBHOOK_SECRET }
tasks:
  ${task}:
    kind: binary
    classes:
      - { name: 'ham $subject', text: Wanted mail, hint: Somebody asked for it, hotkey: h }
      - { name: spam, text: 'Unwanted & <b>bulk</b> mail', hotkey: s }
    question: Did anybody want this mail?
    show:
      - { field: subject, feature: mail.subject, title: Subject }
      - { field: body, title: 'Text, as it came' }
    guidelines: |
      ### Wanted or not

      - Newsletters are **wanted** when one click ends them.
      - Offers above $budget, or with \`<script>\`-like words, are not.

      Not sure? Flag the task and say why.
    crowd: { title: '${task}, crowd', shares: true }
    expert: { title: '${task}, experts' }
`.replace('`<script>`-like', '`&lt;`'),
    ),
  )

/** One of its projects: the crowd's, unless it is said otherwise. */
export const projectOf = (from: AnnotationPlan, index = 0): PlannedProject => {
  const project = from.tasks.flatMap(({ projects }) => projects)[index]
  if (project === undefined) throw new Error('The plan has no such project')
  return project
}

/** All tasks of a project. */
export async function tasksOf(labelStudio: LabelStudio, project: number): Promise<readonly StoredTask[]> {
  const tasks: StoredTask[] = []
  for await (const page of labelStudio.tasks(project)) tasks.push(...page)
  return tasks
}

/** What was handed in in a project, as a reader takes it. */
export async function handedIn(
  labelStudio: LabelStudio,
  project: number,
): Promise<readonly { readonly result: readonly unknown[]; readonly skipped: boolean }[]> {
  const tasks = await tasksOf(labelStudio, project)
  return tasks.flatMap(({ annotations }) =>
    annotations.map(({ result, wasCancelled }) => ({ result, skipped: wasCancelled })),
  )
}
