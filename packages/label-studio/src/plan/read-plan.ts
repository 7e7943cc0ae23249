import { quote } from '@groundtrace/core'
import { isMap, LineCounter, parseDocument, type Document } from 'yaml'
import type { AnnotationPlan } from './plan.ts'
import { PlanError, type PlanMistake } from './plan-mistake.ts'
import { planSection, type PlanFile, type PlanSection } from './plan-section.ts'
import type { ReadFile } from './read-guidelines.ts'
import { readTask } from './read-task.ts'

/** Longest plan that is read, in UTF-16 units. */
const MOST_PLAN = 1_048_576

/**
 * The secret goes to the server, where every member can read it, and from there to the address of the webhook: a plan must
 * not be able to send any other secret of the environment there.
 */
const VARIABLE = /^(?=\w*WEBHOOK)[A-Za-z_]\w{0,127}$/

export interface ReadPlanOptions {
  /** How messages call the file. Default `plan.yaml`. */
  readonly file?: string
  /** Reads files that the plan names. Default: they are mistakes. */
  readonly readFile?: ReadFile
}

function isWebAddress(text: string): boolean {
  const protocol = URL.parse(text)?.protocol
  return protocol === 'https:' || protocol === 'http:'
}

function readWebhook(section: PlanSection): AnnotationPlan['webhook'] {
  section.only(['url', 'secret'])
  const [url, secretVariable] = [section.text('url'), section.text('secret')]
  if (url === undefined || !isWebAddress(url))
    section.wrong(
      'url',
      `${section.path}.url is no address`,
      'Give the address of POST /label-studio/webhook as the Label Studio server reaches it',
    )
  if (secretVariable === undefined || !VARIABLE.test(secretVariable))
    return section.wrong(
      'secret',
      `${section.path}.secret names no environment variable for a webhook`,
      'Name the variable that holds the secret, with WEBHOOK in its name, such as GROUNDTRACE_WEBHOOK_SECRET: no other goes to the server, and a secret does not stand in a plan',
    )
  return url === undefined ? undefined : { url, secretVariable }
}

function readTasks(root: PlanSection, readFile: ReadFile | undefined): AnnotationPlan['tasks'] {
  const section = root.section('tasks')
  if (section === undefined) {
    if (!root.has('tasks')) root.wrong(undefined, 'The plan has no tasks', 'Add tasks, each under its name')
    return []
  }
  if (section.names().length === 0) section.wrong(undefined, 'The plan has no tasks', 'Add one under its name')
  return section.names().flatMap((name) => {
    const part = section.section(name)
    const task = part && readTask(part, name, readFile)
    return task === undefined ? [] : [task]
  })
}

/** Two projects of one title could not be told apart by people. */
function noteTitles(root: PlanSection, tasks: AnnotationPlan['tasks']): void {
  const titles = tasks.flatMap(({ projects }) => projects.map(({ title }) => title))
  const twice = titles.find((title, index) => titles.indexOf(title) !== index)
  if (twice !== undefined)
    root.wrong('tasks', `Two projects have the title ${quote(twice)}`, 'Give each a title of its own')
}

/** What the parser says of text that is no YAML. The first tells the most: later ones often come of it. */
const MOST_SYNTAX_ERRORS = 10

function syntaxMistakes({ errors }: Document, lines: LineCounter): readonly PlanMistake[] {
  return errors.slice(0, MOST_SYNTAX_ERRORS).map(({ pos, message }) => {
    const { line, col } = lines.linePos(pos[0])
    return {
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      cause: message.replace(/\.$/, ''),
      nextStep: 'Correct the YAML',
    }
  })
}

/**
 * Reads a plan.
 * @throws PlanError, a GroundtraceError `invalid-argument` with all mistakes that there are, each with its line and column
 */
export function readPlan(text: string, { file = 'plan.yaml', readFile }: ReadPlanOptions = {}): AnnotationPlan {
  const mistakes: PlanMistake[] = []
  const refuse = (): never => {
    throw new PlanError(
      file,
      mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column),
    )
  }
  if (typeof text !== 'string' || text.length > MOST_PLAN) {
    mistakes.push({
      line: 1,
      column: 1,
      cause: `It is no text of at most ${MOST_PLAN} characters`,
      nextStep: 'Pass the text of a plan',
    })
    return refuse()
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: false })
  mistakes.push(...syntaxMistakes(document, lines))
  if (mistakes.length > 0) return refuse()
  if (!isMap(document.contents)) {
    mistakes.push({ line: 1, column: 1, cause: 'The plan is no map', nextStep: 'Begin with tasks:' })
    return refuse()
  }
  const planFile: PlanFile = { document, lines, mistakes }
  const root = planSection(planFile, document.contents, '')
  root.only(['webhook', 'tasks'])
  const hook = root.section('webhook')
  const webhook = hook && readWebhook(hook)
  const tasks = readTasks(root, readFile)
  noteTitles(root, tasks)
  return mistakes.length > 0 ? refuse() : { ...(webhook && { webhook }), tasks }
}
