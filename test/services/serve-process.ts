import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const main = join(import.meta.dirname, '../../packages/groundtrace/src/main.ts')

export interface ServeProcess {
  readonly url: string
  /** What it calls the register that it serves. */
  readonly register: string
  readonly stderr: () => string
  /** @returns the exit code, or null when the signal ended it at once */
  kill(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null>
}

export interface ServeExit {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

type Environment = Readonly<Record<string, string>>

function start(arguments_: readonly string[], environment: Environment) {
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--disable-warning=ExperimentalWarning', main, 'serve', ...arguments_],
    { env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const written = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (written.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()))
  const exited = once(child, 'close').then(([code]) => code as number | null)
  return { child, written, exited }
}

/** Starts `groundtrace serve --json` as a process of its own, on a free port unless one is given, and waits until it serves. */
export async function startServe(arguments_: readonly string[], environment: Environment = {}): Promise<ServeProcess> {
  const { child, written, exited } = start(['--port', '0', '--json', ...arguments_], environment)
  const ended = exited.then((code) => {
    throw new Error(`serve ended with ${code}: ${written.stderr}`)
  })
  while (!written.stdout.includes('}')) await Promise.race([once(child.stdout, 'data'), ended])
  ended.catch(() => undefined)
  const { url, register } = JSON.parse(written.stdout) as { url: string; register: string }
  return {
    url,
    register,
    stderr: () => written.stderr,
    async kill(signal) {
      child.kill(signal)
      return await exited
    },
  }
}

/** Runs `groundtrace serve` to its end, for command lines that it refuses. */
export async function runServe(arguments_: readonly string[], environment: Environment = {}): Promise<ServeExit> {
  const { written, exited } = start(arguments_, environment)
  return { code: await exited, ...written }
}
