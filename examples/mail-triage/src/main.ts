import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import process from 'node:process'
import { readArguments, USAGE, type Arguments } from './arguments.ts'
import { service } from './groundtrace.config.ts'
import type { MailService } from './mail-service.ts'
import { MailTriageError } from './mail-triage-error.ts'
import { runMainJob } from './main-job.ts'
import { createProgress } from './progress.ts'
import { reportPage } from './report/page.ts'
import { resultOf } from './result.ts'
import { OUT_FOLDER, UNFINISHED_FOLDER } from './settings.ts'
import { summaryOf } from './summary.ts'

const unfinished = (file: string): string => join(UNFINISHED_FOLDER, file)

/** Puts what this run wrote in the place of what the last one left. */
function finish(): void {
  rmSync(OUT_FOLDER, { recursive: true, force: true })
  renameSync(UNFINISHED_FOLDER, OUT_FOLDER)
}

async function main({ json, once, seed }: Arguments, opened: MailService): Promise<void> {
  const started = performance.now()
  const progress = createProgress({ stream: process.stderr, live: process.stderr.isTTY && !once })
  progress.step(`Running the mail-triage loop with seed ${seed}…`)
  const record = await runMainJob({
    service: opened,
    onSample: (sample, { mails }) => progress.sample(sample, mails),
  })
  progress.done()
  const spent = {
    seconds: (performance.now() - started) / 1000,
    rssMb: process.resourceUsage().maxRSS / 1024,
    report: relative(process.cwd(), join(OUT_FOLDER, 'report.html')),
  }
  const result = await resultOf(record, spent)
  writeFileSync(unfinished('report.html'), await reportPage(record, result))
  writeFileSync(unfinished('metrics.prom'), await record.registry.metrics())
  await opened.close()
  finish()
  process.stdout.write(json ? `${JSON.stringify(result, undefined, 2)}\n` : `${summaryOf(result)}\n`)
}

try {
  const given = readArguments(process.argv.slice(2))
  if (given.help || service === undefined) process.stdout.write(USAGE)
  else await main(given, service)
} catch (error) {
  if (!(error instanceof MailTriageError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = error.code === 'invalid-argument' ? 2 : 1
}
