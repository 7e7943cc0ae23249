import { createHash, createHmac } from 'node:crypto'
import { GroundtraceError, isName, isRecord, quote, secretKey, type Secret, type Task } from '@groundtrace/core'
import { KEY_FIELD } from '../bridge/label-studio-server.ts'
import { isBlind } from './blind.ts'
import { askedTask, preAnnotationFault, type AskedTask, type PreAnnotation, type Served } from './pre-annotation.ts'
import { Remembered } from './remembered.ts'
import { jsonBody } from './request-body.ts'
import { secretCheck } from '../secret-check.ts'

export interface MlBackendOptions {
  /** The task whose classes the model chooses between. */
  readonly task: Task
  /** The version that serves now, such as `filter/3`: Label Studio asks again for tasks that have none of this version. */
  readonly modelVersion: () => string
  /**
   * Predicts one task, from what annotators see. Wrap it in `tracePrediction`: what it answers is in the register then.
   * What it throws costs this task its pre-annotation and none beside it.
   */
  readonly predict: (
    data: Readonly<Record<string, unknown>>,
    context: { readonly key: string | undefined },
  ) => Promise<PreAnnotation>
  /**
   * Where the backend is mounted ends with this: Label Studio sends no password, but the path. 24 letters and digits or more.
   */
  readonly pathSecret: string
  /** Names of the control and of the object in the label config. */
  readonly control: { readonly fromName: string; readonly toName: string }
  /** Share of tasks without a pre-annotation, in [0, 1), and what it is drawn by. Default none. */
  readonly blind?: { readonly share: number; readonly secret: Secret }
  /** Told of every pre-annotation, shown or blind, once: keep it, to know what the annotator saw. What it throws is a trouble. */
  readonly onServed?: (served: Served) => void | Promise<void>
  /** Told of what failed. Holds nothing of a body. Default: nobody. */
  readonly onTrouble?: (trouble: MlTrouble) => void
}

export interface MlTrouble {
  readonly operation: string
  readonly error: unknown
}

/**
 * A fetch-standard handler of everything below `…/PATH_SECRET/`: `health`, `setup`, `predict`, `validate`, `versions` and
 * `webhook`. Never rejects.
 */
export type MlHandler = (request: MlRequest) => Promise<Response>

/** What the handler reads of a `Request`. */
export type MlRequest = Pick<Request, 'method' | 'url' | 'body'>

/** Label Studio sends all that it knows of a hundred tasks in one request. */
const MOST_BYTES = 32 * 1024 * 1024
const MOST_TASKS = 1000
/** Tasks that are predicted at once. */
const AT_ONCE = 4
/** Pre-annotations that are remembered: Label Studio asks again whenever a blind task is opened. */
const MOST_REMEMBERED = 10_000

const PATH_SECRET = /^[A-Za-z0-9_-]{24,128}$/

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const json = (value: unknown, status = 200): Response => Response.json(value, { status })

/** By RFC 9457. Label Studio shows the status alone; its log has the rest. */
function problem(status: number, detail: string): Response {
  const headers = { 'content-type': 'application/problem+json' }
  return new Response(JSON.stringify({ type: 'about:blank', status, detail }), { status, headers })
}

function refuse(cause: string, nextStep: string): never {
  throw new GroundtraceError('invalid-argument', cause, nextStep)
}

function checkOptions(options: MlBackendOptions): void {
  const { task, pathSecret, control, blind }: Partial<MlBackendOptions> = options ?? {}
  if (task?.classes === undefined)
    refuse(`Task ${quote(task?.name)} has no classes`, 'Pass a binary or multiclass task that names its classes')
  // The secret itself is not shown.
  if (typeof pathSecret !== 'string' || !PATH_SECRET.test(pathSecret))
    refuse('pathSecret has fewer than 24 letters and digits, or others', 'Make one with: openssl rand -hex 24')
  if (!isName(control?.fromName) || !isName(control.toName))
    refuse('control does not name a control and an object', 'Pass { fromName, toName } as the label config has them')
  if (blind !== undefined && !(typeof blind.share === 'number' && blind.share >= 0 && blind.share < 1))
    refuse(`blind.share is ${quote(blind.share)}`, 'Give a share from 0, below 1')
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** What a task is drawn and remembered by. */
const subjectOf = ({ key, project, task: number }: AskedTask): string => key ?? `${project} ${number}`

/**
 * Serves a registered model to Label Studio as its ML backend.
 *
 * What Label Studio sends is hostile until read, and holds secrets: the administrator's token at `setup`, the project's at
 * `webhook`. Nothing but the numbers and the data of tasks is read of it, and nothing is kept or logged.
 * @throws GroundtraceError `invalid-argument`
 */
export function createMlBackend(options: MlBackendOptions): MlHandler {
  checkOptions(options)
  const { task, modelVersion, predict, control, blind, onServed, onTrouble } = options
  const isSecret = secretCheck(options.pathSecret)
  const blindKey = blind === undefined ? undefined : secretKey(blind.secret)
  const regionKey = secretKey(options.pathSecret)
  const remembered = new Remembered<Promise<PreAnnotation>>(MOST_REMEMBERED)

  function trouble(operation: string, error: unknown): void {
    try {
      onTrouble?.({ operation, error })
    } catch {
      // Whoever listens must not decide whether an annotator gets his task.
    }
  }

  const isKept = (asked: AskedTask): boolean =>
    blind !== undefined && blindKey !== undefined && isBlind(blindKey, blind.share, subjectOf(asked))

  async function ask(asked: AskedTask, version: string): Promise<PreAnnotation> {
    const given = await predict(asked.data, { key: asked.key })
    const fault = preAnnotationFault(given, task)
    if (fault !== undefined) {
      throw new GroundtraceError(
        'invalid-argument',
        `What predict answered is none: ${fault}`,
        'Answer { value, trackingId }',
      )
    }
    await onServed?.({
      key: asked.key,
      project: asked.project,
      task: asked.task,
      prediction: given.trackingId,
      value: given.value,
      blind: isKept(asked),
      modelVersion: version,
    })
    return given
  }

  /** One prediction of a version for a task, however often it is asked for. What fails is asked for again. */
  async function preAnnotationOf(asked: AskedTask, version: string): Promise<PreAnnotation> {
    // With its data: who may ask could have other data predicted under the key of a task, and seen by its annotators.
    const name = `${version}\0${subjectOf(asked)}\0${digest(JSON.stringify(asked.data)).toString('base64')}`
    const known = remembered.get(name)
    if (known !== undefined) return await known
    const asking = ask(asked, version)
    remembered.set(name, asking)
    try {
      return await asking
    } catch (error) {
      remembered.delete(name)
      throw error
    }
  }

  /** As Label Studio takes it: a list of predictions; none for a task that stays blind, or whose prediction failed. */
  async function resultOf(given: unknown, version: string): Promise<readonly unknown[]> {
    const asked = askedTask(given, KEY_FIELD)
    if (asked === undefined) return []
    try {
      const { value, trackingId, score } = await preAnnotationOf(asked, version)
      if (isKept(asked)) return []
      // It comes back with an answer that keeps the region. The tracking ID itself is nobody's business there.
      const id = createHmac('sha256', regionKey).update(trackingId).digest('hex').slice(0, 16)
      const region = {
        id,
        from_name: control.fromName,
        to_name: control.toName,
        type: 'choices',
        value: { choices: [value] },
      }
      return [{ model_version: version, result: [region], ...(score === undefined ? {} : { score }) }]
    } catch (error) {
      trouble('predict', error)
      return []
    }
  }

  async function results(body: unknown): Promise<Response> {
    const tasks = isRecord(body) ? body['tasks'] : undefined
    if (!Array.isArray(tasks) || tasks.length > MOST_TASKS) {
      return problem(400, `The request has no list of at most ${MOST_TASKS} tasks.`)
    }
    const version = modelVersion()
    const answers: (readonly unknown[])[] = []
    for (let from = 0; from < tasks.length; from += AT_ONCE) {
      answers.push(...(await Promise.all(tasks.slice(from, from + AT_ONCE).map((one) => resultOf(one, version)))))
    }
    return json({ results: answers })
  }

  /** What a label config lacks for the model's answers to be seen; it is looked for as text, not understood. */
  function lacking(config: unknown): string | undefined {
    if (typeof config !== 'string') return 'a label config'
    const wanted = [`name="${control.fromName}"`, `toName="${control.toName}"`]
    const classes = (task.classes ?? []).map((label) => `="${escaped(label)}"`)
    return [...wanted, ...classes].find((text) => !config.includes(text))
  }

  function fits(config: unknown, answer: unknown): Response {
    const missing = lacking(config)
    if (missing === undefined) return json(answer)
    return problem(400, `The label config lacks ${missing}. Make it with: groundtrace label-studio apply.`)
  }

  const OPERATIONS: Readonly<Record<string, (request: MlRequest) => Promise<Response> | Response>> = {
    'GET health': () => json({ status: 'UP', model_version: modelVersion() }),
    'GET versions': () => json({ versions: [modelVersion()] }),
    'POST versions': () => json({ versions: [modelVersion()] }),
    async 'POST setup'(request) {
      const body = await jsonBody(request.body, MOST_BYTES)
      return fits(isRecord(body) ? body['schema'] : undefined, { model_version: modelVersion() })
    },
    async 'POST validate'(request) {
      const body = await jsonBody(request.body, MOST_BYTES)
      return fits(isRecord(body) ? body['config'] : undefined, { valid: true })
    },
    'POST predict': async (request) => await results(await jsonBody(request.body, MOST_BYTES)),
    // The bridge has a webhook of its own, with a secret. What comes here comes from anybody who knows the path.
    'POST webhook': () => json({ status: 'ignored' }, 201),
  }

  return async (request) => {
    const [operation = '', secret = ''] = new URL(request.url).pathname.split('/').filter(Boolean).reverse()
    if (!isSecret(secret)) return problem(404, 'Nothing is served here.')
    const serve = OPERATIONS[`${request.method} ${operation}`]
    if (serve === undefined) return problem(404, 'An ML backend has no such operation.')
    try {
      return await serve(request)
    } catch (error) {
      trouble(operation, error)
      return problem(500, 'The backend failed. Its log says why.')
    }
  }
}
