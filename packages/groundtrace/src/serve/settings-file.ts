import { readFileSync } from 'node:fs'
import { defineTask, GroundtraceError, jsonFault, type Task, type TaskDefinition } from '@groundtrace/core'
import { tokenFault } from '@groundtrace/register/http'

/** A file that settings are in, and how another one is named: by a flag, or by a variable of the environment. */
export interface SettingsFile {
  readonly path: string
  readonly namedBy: string
}

const CAUSES: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'is not there'],
  ['EISDIR', 'is a folder'],
  ['EACCES', 'may not be read by this process'],
])

function refused(cause: string, nextStep: string, options?: ErrorOptions): GroundtraceError {
  return new GroundtraceError('invalid-argument', cause, nextStep, options)
}

function contentOf({ path, namedBy }: SettingsFile, what: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw refused(`The ${what} file ${path} ${CAUSES.get(code) ?? `can't be read (${message})`}`, `Check ${namedBy}`, {
      cause: error,
    })
  }
}

function listIn(file: SettingsFile): readonly unknown[] {
  const content = contentOf(file, 'tasks')
  let found: unknown
  try {
    found = JSON.parse(content)
  } catch (error) {
    throw refused(`The tasks file ${file.path} is no JSON (${jsonFault(error)})`, 'Write a list of tasks', {
      cause: error,
    })
  }
  if (Array.isArray(found)) return found
  throw refused(`The tasks file ${file.path} holds no list`, 'Put its task in brackets: [{ … }]')
}

/** Tasks of a JSON file: a list of what `defineTask` takes. @throws GroundtraceError `invalid-argument`, `invalid-task` */
export function tasksIn(file: SettingsFile): readonly Task[] {
  return listIn(file).map((definition, index) => {
    try {
      return defineTask(definition as TaskDefinition)
    } catch (error) {
      if (!GroundtraceError.isInstance(error)) throw error
      const [cause = '', ...nextStep] = error.message.replace(/\.$/, '').split('. ')
      throw new GroundtraceError(error.code, `Task ${index + 1} of ${file.path}: ${cause}`, nextStep.join('. '), {
        cause: error,
      })
    }
  })
}

/** A token, and where it stands. */
interface PlacedToken {
  readonly token: string
  readonly place: string
}

/** The tokens, of which none is shown: it may be right but for a slip. @throws GroundtraceError `invalid-argument` */
function checked(placed: readonly PlacedToken[]): readonly string[] {
  const tokens = placed.map(({ token, place }) => ({ token: token.trim(), place })).filter(({ token }) => token !== '')
  for (const { token, place } of tokens) {
    const fault = tokenFault(token)
    if (fault !== undefined) throw refused(`The token in ${place} ${fault}`, 'Make one with: openssl rand -hex 32')
  }
  return tokens.map(({ token }) => token)
}

/** Tokens of a file, one a line. @throws GroundtraceError `invalid-argument` */
export function tokensIn(file: SettingsFile): readonly string[] {
  const lines = contentOf(file, 'tokens').split('\n')
  const tokens = checked(lines.map((token, index) => ({ token, place: `line ${index + 1} of ${file.path}` })))
  if (tokens.length > 0) return tokens
  // Whoever names a file wants tokens to be asked for.
  throw refused(`The tokens file ${file.path} is empty`, 'Write one token a line')
}

/** Tokens of a variable of the environment, separated by commas. @throws GroundtraceError `invalid-argument` */
export function tokensOf(variable: string, content: string): readonly string[] {
  return checked(content.split(',').map((token, index) => ({ token, place: `place ${index + 1} of ${variable}` })))
}
