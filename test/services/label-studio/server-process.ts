import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { environmentFolder } from '../python-environment.ts'
import { until } from '../until.ts'
import { SETTINGS } from './settings.ts'

/** An environment that has Label Studio: `LABEL_STUDIO_ENVIRONMENT`, or the one that `npm test` makes. */
const ENVIRONMENT = process.env['LABEL_STUDIO_ENVIRONMENT'] ?? environmentFolder('label-studio')
const PYTHON = join(ENVIRONMENT, 'bin/python')
export const hasLabelStudio = existsSync(PYTHON)

/** A first start makes all tables, on a busy machine. */
const START_SECONDS = 280

export interface ServerProcess {
  /** Ends it, and resolves when it is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

/** Starts Label Studio on a data folder and waits until it answers. Rejects with the end of its log when it does not. */
export async function startServerProcess(folder: string, port: number): Promise<ServerProcess> {
  if (!hasLabelStudio) {
    throw new Error(
      `There is no Label Studio in ${ENVIRONMENT}. Run npm test -- --services, or set LABEL_STUDIO_ENVIRONMENT to a Python environment that has it.`,
    )
  }
  const log = join(folder, 'server.log')
  const output = await open(log, 'w')
  // By way of its Python: the program's first line names the folder in which the environment was made.
  const program = ['bin/label-studio', 'start', '--no-browser', '--internal-host', '127.0.0.1', '-p', String(port)]
  const child = spawn(PYTHON, program, {
    cwd: ENVIRONMENT,
    env: { PATH: process.env['PATH'], HOME: folder, LANG: 'C.UTF-8', LABEL_STUDIO_BASE_DATA_DIR: folder, ...SETTINGS },
    stdio: ['ignore', output.fd, output.fd],
  })
  const exited = once(child, 'exit')
  exited.catch(() => undefined)
  await output.close()

  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null

  async function isReady(): Promise<true | undefined> {
    const text = await readFile(log, 'utf8')
    // It takes the next port without being asked.
    const lost = isOver() || text.includes(`Port ${port} is in use`)
    if (lost) throw new Error(`Label Studio did not start on port ${port}:\n${text.slice(-5000)}`)
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined)
    return answer?.ok === true ? true : undefined
  }

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (isOver()) return
    child.kill(signal)
    await exited
  }

  try {
    await until(isReady, 'Label Studio answers', START_SECONDS)
  } catch (error) {
    await end('SIGKILL')
    throw error
  }
  return { end }
}
