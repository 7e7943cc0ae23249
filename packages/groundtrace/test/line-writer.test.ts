import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { lineWriter } from '../src/line-writer.ts'

test('a text is written only when the reader has taken what was before', async () => {
  const stream = new PassThrough({ highWaterMark: 1 })
  const write = lineWriter(stream)
  let taken = 0
  const writing = write('ab')
    .then(() => write('cd'))
    .then(() => (taken += 1))
  expect(taken).toBe(0)
  stream.resume()
  await writing
  expect(taken).toBe(1)
})

test('an error that is not of the reader is told to who writes', async () => {
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' })
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(full) })
  await expect(lineWriter(stream)('a')).rejects.toThrow(
    expect.objectContaining({
      name: 'OutputError',
      cause: full,
      message: "The output can't be written (no space). Free space where it goes, or send it elsewhere.",
    }),
  )
})

test('a reader that closes its pipe ends a writer quietly, with 0', async () => {
  const module = JSON.stringify(join(import.meta.dirname, '../src/line-writer.ts'))
  const program = `
    import { lineWriter } from ${module}
    const write = lineWriter(process.stdout)
    while (await write('a line\\n'.repeat(10_000)));
    process.stderr.write('ended')`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let error = ''
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()))
  await once(child.stdout, 'data')
  child.stdout.destroy()
  const [code] = (await once(child, 'close')) as [number]
  expect([code, error]).toEqual([0, 'ended'])
})
