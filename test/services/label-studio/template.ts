import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { freePort } from '../free-port.ts'
import { CACHE, environmentFolder } from '../python-environment.ts'
import { until } from '../until.ts'
import { startServerProcess } from './server-process.ts'
import { SETTINGS } from './settings.ts'

/** One for each release and its settings: what a server makes of an empty folder depends on nothing else. */
function templateFolder(): string {
  const key = createHash('sha256').update(JSON.stringify(SETTINGS)).digest('hex').slice(0, 8)
  return join(CACHE, `${basename(environmentFolder('label-studio'))}-data-${key}`)
}

const WAIT_SECONDS = 300

/** Takes the right to make the template: a file that has its number in it from the first moment. */
async function take(lock: string): Promise<boolean> {
  const mine = `${lock}.${process.pid}`
  await writeFile(mine, String(process.pid))
  try {
    await link(mine, lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const holder = Number(await readFile(lock, 'utf8').catch(() => process.pid))
    // Whoever had it is gone and leaves nothing but the lock; it is taken the next time.
    if (!isAlive(holder)) await rm(lock, { force: true })
    return false
  } finally {
    await rm(mine, { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Beside its place, moved there when it is whole. */
async function make(folder: string): Promise<void> {
  const beside = `${folder}.${process.pid}`
  try {
    await mkdir(beside, { recursive: true })
    const server = await startServerProcess(beside, await freePort())
    await server.end('SIGTERM')
    // Whoever else made it in the meantime made the same.
    if (!existsSync(folder)) await rename(beside, folder)
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}

/**
 * A data folder with all tables made and the admin's account in it, for tests to copy. The first time it takes a minute or
 * two, in which others who ask wait for it. Rejects when the server can't be started.
 */
export async function labelStudioTemplate(): Promise<string> {
  const folder = templateFolder()
  const lock = `${folder}.lock`
  await mkdir(CACHE, { recursive: true })
  await until(
    async () => {
      if (existsSync(folder)) return true
      if (!(await take(lock))) return undefined
      try {
        if (!existsSync(folder)) await make(folder)
      } finally {
        await rm(lock, { force: true })
      }
      return true
    },
    'the data folder of Label Studio is made',
    WAIT_SECONDS,
  )
  return folder
}
