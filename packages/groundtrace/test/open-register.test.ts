import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GroundtraceError } from '@groundtrace/core'
import { afterAll, describe, expect, test } from 'vitest'
import { isFile, openRegister, registerName } from '../src/open-register.ts'

const folder = mkdtempSync(join(tmpdir(), 'groundtrace-open-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function failureOf(where: string): Promise<GroundtraceError> {
  const [{ reason }] = (await Promise.allSettled([openRegister(where)])) as [PromiseRejectedResult]
  expect(GroundtraceError.isInstance(reason)).toBe(true)
  return reason as GroundtraceError
}

describe('where a register is', () => {
  test.each(['register.db', '/var/lib/register.db', 'C:\\register.db', 'postgres', 'postgres:register.db', ':memory:'])(
    '%s is a file, and called what it is',
    (where) => {
      expect([isFile(where), registerName(where)]).toEqual([true, where])
    },
  )

  test.each([
    ['postgres://host/base', 'postgres://host/base'],
    ['postgresql://user:geheim@host:5433/base', 'postgresql://user@host:5433/base'],
    ['POSTGRES://user:ge%20heim@host/base', 'postgres://user@host/base'],
    ['postgres:///base?host=/run/postgresql&password=geheim', 'postgres:///base'],
    ['postgres://user:geheim/base', 'postgres://…'],
    ['mysql://user:geheim@host/base', 'mysql://user@host/base'],
  ])('%s is a URL, and called %s', (where, name) => {
    expect([isFile(where), registerName(where)]).toEqual([false, name])
  })
})

test('a path opens a file, made when it is missing', async () => {
  const path = join(folder, 'new.db')
  const register = await openRegister(path, { durability: 'power' })
  expect(register.capabilities).toEqual({ sharedWriters: false, survivesPowerLoss: true })
  await register.close()
  const again = await openRegister(path, { readOnly: true })
  expect((await again.totals()).predictions).toBe(0)
  await again.close()
})

test.each([
  ['mysql://user:geheim@host/base', /begins with mysql:\/\/.*postgres:\/\//],
  ['postgress://user:geheim@host/base', /begins with postgress:\/\//],
  ['postgres://user:geheim@host', /postgres:\/\/user:password@host:port\/database/],
  ['postgres://user:ge/heim@host/base', /postgres:\/\/user:password@host:port\/database/],
])('%s meets an error that says what to name, and shows no password', async (where, message) => {
  const error = await failureOf(where)
  expect(error).toMatchObject({ code: 'invalid-argument', message: expect.stringMatching(message) as string })
  expect(error.message).not.toContain('heim')
})

test('a URL of PostgreSQL opens its driver: nobody listens there', async () => {
  const error = await failureOf('postgresql://user:geheim@127.0.0.1:1/base')
  expect(error).toMatchObject({
    code: 'register-unavailable',
    message: expect.stringMatching(/ECONNREFUSED/) as string,
  })
  expect(error.message).not.toContain('geheim')
})

test('where pg is not installed, the command says how to install it, and files need none', () => {
  // Node looks for it from the root of the file system, where no packages are.
  const withoutPg = `import { registerHooks } from 'node:module'
registerHooks({
  resolve: (name, context, next) => next(name, name === 'pg' ? { ...context, parentURL: 'file:///none.js' } : context),
})`
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const run = (where: string) =>
    spawnSync(
      process.execPath,
      [
        '--conditions=source',
        '--disable-warning=ExperimentalWarning',
        '--import',
        `data:text/javascript,${encodeURIComponent(withoutPg)}`,
        main,
        'lineage',
      ],
      { encoding: 'utf8', env: { GROUNDTRACE_REGISTER: where } },
    )
  const missing = run('postgres://user:geheim@127.0.0.1:1/base')
  expect([missing.status, missing.stdout, missing.stderr]).toEqual([
    1,
    '',
    'A register in PostgreSQL needs the package pg, and it is not installed. Install it beside groundtrace: npm install pg.\n',
  ])
  expect(run(join(folder, 'none.db')).stderr).toMatch(/There is no register file/)
})
