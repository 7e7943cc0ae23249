import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ALERTS, rulesYaml } from '../src/rules.ts'
import { faultsOf } from './promql-walk.ts'

describe.each(ALERTS.map((rule) => [rule.alert, rule] as const))('%s', (name, rule) => {
  test('parses and names only catalogued metrics and labels', () => {
    expect(faultsOf(rule.expr)).toEqual([])
  })

  test('is named ours, once, and says what it means', () => {
    expect(name).toMatch(/^Groundtrace[A-Z][A-Za-z]+$/)
    expect(ALERTS.filter(({ alert }) => alert === name)).toHaveLength(1)
    expect(rule.description).toMatch(/\.$/)
    expect(rule.for).toMatch(/^\d+[smhd]$/)
  })
})

test('the page on operations tells of every alert, and of no other, what to do', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8')
  const told = [...page.matchAll(/^\| `(Groundtrace\w+)` +\| \S.* \| \S.* \|$/gm)].map(([, name]) => name)
  expect(told).toHaveLength(ALERTS.length)
  expect(new Set(told)).toEqual(new Set(ALERTS.map(({ alert }) => alert)))
})

test('texts with quotes and line breaks stay one YAML text', () => {
  const rule = { ...ALERTS[0]!, description: 'a "quote": and\na break' }
  expect(rulesYaml([rule])).toContain('          description: "a \\"quote\\": and\\na break"\n')
})
