import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const sources = join(import.meta.dirname, '../../src/sqlite')

// `node:sqlite` before Node 22.20 and 24.8 can't bind a value by position to `?1`, and `engines` allows those.
it('no statement has numbered parameters, which older versions of node:sqlite can not bind', () => {
  const files = globSync('*.ts', { cwd: sources })
  expect(files.length).toBeGreaterThan(10)
  expect(files.filter((file) => /\?\d/.test(readFileSync(join(sources, file), 'utf8')))).toEqual([])
})
