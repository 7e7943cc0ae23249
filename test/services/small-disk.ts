import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Only root may mount, and not in every container. Where it may not, `npm test` says at its end what was left out. */
export const hasSmallDisks = spawnSync('unshare', ['--mount', 'true']).status === 0

/** A disk in memory that is soon full. */
export interface SmallDisk {
  readonly path: string
  /** Makes it so many megabytes large. */
  resize(megabytes: number): void
  remove(): void
}

export function smallDisk(megabytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'groundtrace-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path])
  return {
    path,
    resize: (to) => void execFileSync('mount', ['-o', `remount,size=${to}m`, path]),
    remove() {
      execFileSync('umount', ['--lazy', path])
      rmSync(path, { recursive: true })
    },
  }
}
