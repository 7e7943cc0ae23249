import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const recipe = join(import.meta.dirname, 'collector/builder.yaml')
const run = promisify(execFile)

/** One folder for each content of the recipe, outside the checkout. */
function cacheFolder(): string {
  const key = createHash('sha256').update(readFileSync(recipe)).digest('hex').slice(0, 16)
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'groundtrace', `collector-${key}`)
}

/** The builder has the version of the Collector that it builds. */
function builderModule(): string {
  const version = /^ {2}version: (\S+)$/m.exec(readFileSync(recipe, 'utf8'))?.[1]
  return `go.opentelemetry.io/collector/cmd/builder@v${version}`
}

async function build(folder: string): Promise<void> {
  const beside = `${folder}.${process.pid}`
  const source = join(beside, 'source')
  const step = async (command: string, arguments_: readonly string[], cwd: string): Promise<void> => {
    await run(command, arguments_, { cwd, env: { ...process.env, GOBIN: beside, CGO_ENABLED: '0' } })
  }
  await mkdir(beside, { recursive: true })
  try {
    await step('go', ['install', builderModule()], beside)
    await step(join(beside, 'builder'), ['--config', recipe, '--skip-compilation'], beside)
    await step('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', join(beside, 'collector'), '.'], source)
    await rm(source, { recursive: true })
    // Whoever else made it in the meantime made the same.
    if (!existsSync(folder)) await rename(beside, folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Error(
      'There is no go to build an OpenTelemetry Collector with. Install Go (https://go.dev/dl/), or set COLLECTOR_BINARY to a Collector that has the components of test/services/collector/builder.yaml.',
      { cause: error },
    )
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}

/**
 * A stock OpenTelemetry Collector: `COLLECTOR_BINARY`, or one that is built here the first time, which takes minutes.
 * Rejects with what Go says when it can't be built.
 * @returns its path
 */
export async function collectorBinary(): Promise<string> {
  const given = process.env['COLLECTOR_BINARY']
  if (given !== undefined) return given
  const folder = cacheFolder()
  if (!existsSync(folder)) await build(folder)
  return join(folder, 'collector')
}
