import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { outputTo } from '../src/output.ts'

const failing = (code: string): Writable =>
  new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(`${code}: it fails`), { code })) })

describe('what a command prints', () => {
  test('is written in order, each with its line end', async () => {
    const written: string[] = []
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        written.push(chunk.toString())
        done()
      },
    })
    const { out, taken } = outputTo(stream, () => undefined)
    out('first')
    out('second')
    expect(await taken()).toBe(true)
    expect(written).toEqual(['first\n', 'second\n'])
  })

  test.each(['ENOSPC', 'EIO'])('that meets %s is told once, with the next step', async (code) => {
    const told: string[] = []
    const { out, taken } = outputTo(failing(code), (text) => told.push(text))
    out('first')
    out('second')
    expect(await taken()).toBe(false)
    expect(told).toEqual([expect.stringMatching(`can't be written \\(${code}: it fails\\)\\. Free space`)])
  })

  test('is silent when its reader went away', async () => {
    const told: string[] = []
    const { out, taken } = outputTo(failing('EPIPE'), (text) => told.push(text))
    out('first')
    expect([await taken(), told]).toEqual([true, []])
  })
})
