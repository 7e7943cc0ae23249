import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildOurs, installHost } from './installed-host.ts'
import { installTargets, type End } from './installed-targets.ts'
import { startOtlpReceiver, type OtlpReceiver, type ReceivedLog, type ReceivedSpan } from './otlp-receiver.ts'

const programs = join(import.meta.dirname, '../../hosts/targets')

export function temporaryFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `groundtrace-${name}-`))
}

/**
 * Installs the programs of `hosts/targets` with our packages as they are built: a folder for each host, named as that,
 * with one end of the versions of the libraries.
 */
export async function installPrograms(work: string, hosts: Readonly<Record<string, End>>): Promise<void> {
  const builds = join(work, 'ours')
  await buildOurs(builds)
  for (const [host, end] of Object.entries(hosts)) {
    const folder = join(work, host)
    installHost(host, builds, folder)
    installTargets(end, folder, ['openai', 'onnxruntime-node'])
    cpSync(programs, join(folder, 'targets'), { recursive: true, filter: (file) => !file.includes('node_modules') })
  }
}

/** How a user starts a program. */
export interface ProgramStart {
  /** Of Node. */
  readonly options: readonly string[]
  /** In `hosts/targets`. */
  readonly program: string
  readonly parameters: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Told of every part that the program prints, while it runs. */
  readonly onOutput?: (said: string, running: Running) => void
}

/** A program that has not ended yet. */
export interface Running {
  readonly receiver: OtlpReceiver
  readonly kill: (signal: 'SIGTERM' | 'SIGINT') => void
  /** Writes to its standard input. */
  readonly tell: (text: string) => void
}

/** How a program ended: what it printed, and what arrived. */
export interface Started {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
  readonly signal: string | null
  /** Predictions and feedback. */
  readonly events: readonly ReceivedLog[]
  /** What they brought along as well. */
  readonly logs: readonly ReceivedLog[]
  readonly spans: readonly ReceivedSpan[]
}

/** Starts a program in the folder of its host, with an OTLP receiver of its own, and waits for its end. */
export async function startProgram(folder: string, start: ProgramStart): Promise<Started> {
  const receiver = await startOtlpReceiver()
  try {
    const ended = await run(folder, start, receiver)
    return {
      ...ended,
      events: receiver.lines('/v1/logs'),
      logs: receiver.logs('/v1/logs'),
      spans: receiver.spans(),
    }
  } finally {
    await receiver.close()
  }
}

function run(
  folder: string,
  { options, program, parameters, environment, onOutput }: ProgramStart,
  receiver: OtlpReceiver,
): Promise<Pick<Started, 'stdout' | 'stderr' | 'code' | 'signal'>> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', ...options, `targets/${program}`, ...parameters],
    {
      cwd: folder,
      env: {
        OTEL_SERVICE_NAME: 'targets',
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_TRACES_EXPORTER: 'otlp',
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
        GROUNDTRACE_CONFIG: 'targets/groundtrace.config.ts',
        ...environment,
      },
    },
  )
  const running: Running = {
    receiver,
    kill: (signal) => void child.kill(signal),
    tell: (text) => void child.stdin.write(text),
  }
  let stdout = ''
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part))
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    stdout += part
    onOutput?.(stdout, running)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ stdout, stderr, code, signal }))
  })
}
