import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SCOPE } from '../src/scope.ts'

test('the scope is the package, in its version', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as object
  expect(manifest).toMatchObject(SCOPE)
})
