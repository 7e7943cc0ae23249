import type { Sample } from './job-record.ts'
import { count, day, percent } from './words.ts'

/** Where progress goes: a terminal, or a file. */
export interface ProgressStream {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

export interface ProgressOptions {
  readonly stream: ProgressStream
  /** Redraw one line instead of writing many. */
  readonly live: boolean
}

export interface Progress {
  step(text: string): void
  sample(sample: Sample, mails: number): void
  done(): void
}

const BAR = 16
/** In plain lines, a look is told each so many mails. */
const TELL_EVERY_MAILS = 500

const bar = (share: number): string => '█'.repeat(Math.round(share * BAR)).padEnd(BAR, '░')

/** What the drift monitor of the scores says. */
const DRIFT: Readonly<Record<Sample['drift']['state'], string>> = {
  drift: 'scores drifted',
  stable: 'scores stable',
  blind: 'too few scores',
}

/** The loop's figures at one look. */
function figures({ time, version, drift, naive, estimated }: Sample): string {
  const recall = estimated.recall.estimate
  const parts = [
    day(time),
    `version ${version}`,
    DRIFT[drift.state],
    `recall ${percent(recall)}, naive ${percent(naive.recall)}`,
  ]
  return parts.join(' · ')
}

/** Shows how far the run has come. */
export function createProgress({ stream, live }: ProgressOptions): Progress {
  const clear = live ? '\r\u001B[2K' : ''
  const fit = (text: string): string => (live ? text.slice(0, (stream.columns ?? 100) - 1) : text)
  return {
    step: (text) => void stream.write(`${clear}${text}\n`),
    sample(sample, mails) {
      const line = `${bar(sample.mails / mails)} ${count(sample.mails)} of ${count(mails)} · ${figures(sample)}`
      if (live) stream.write(`${clear}${fit(line)}`)
      else if (sample.mails % TELL_EVERY_MAILS === 0) stream.write(`${line}\n`)
    },
    done: () => void stream.write(live ? clear : ''),
  }
}
