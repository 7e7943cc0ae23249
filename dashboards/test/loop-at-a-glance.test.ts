import type { Dashboard, Panel } from '@grafana/schema'
import { describe, expect, test } from 'vitest'
import { loopAtAGlance } from '../src/loop-at-a-glance.ts'
import type { Plain } from '../src/plain.ts'
import { DEPLOYMENT_EVENTS, QUERIES } from '../src/queries.ts'
import { faultsOf } from './promql-walk.ts'

/** Compiles only while the generated dashboard is one by Grafana's own schema, enumerations by their values. */
const dashboard: Plain<Dashboard> = loopAtAGlance()

type AnyPanel = NonNullable<typeof dashboard.panels>[number]
type PlainPanel = Plain<Panel>

const isPanel = (panel: AnyPanel): panel is PlainPanel => panel.type !== 'row'
const all = dashboard.panels ?? []
const panels = all.filter(isPanel).map((panel) => [panel.title ?? '', panel] as const)

interface Target {
  readonly refId: string
  readonly expr: string
  readonly datasource: { readonly uid: string }
}
const targetsOf = (panel: PlainPanel): readonly Target[] => (panel.targets ?? []) as unknown as readonly Target[]
const queries = panels.flatMap(([title, panel]) =>
  targetsOf(panel).map((target) => [title, target.refId, target.expr] as const),
)

/** The query of a variable; ours are all texts. */
const textOf = (query: unknown): string => (typeof query === 'string' ? query : '')

test('has what Grafana needs to import it', () => {
  expect(dashboard.uid).toMatch(/^[a-z0-9-]{1,40}$/)
  expect(dashboard.title).toMatch(/Loop at a glance/)
  expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36)
  expect(dashboard.time).toEqual({ from: expect.any(String), to: 'now' })
  // Grafana gives it an ID of its own.
  expect(dashboard.id ?? null).toBeNull()
})

test('ids of panels differ', () => {
  const ids = all.map(({ id }) => id)
  expect(ids.every((id) => Number.isInteger(id))).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
})

test('panels lie within 24 columns and on no other panel', () => {
  const cells = all.flatMap(({ gridPos }) => {
    const { x, y, w, h } = gridPos ?? { x: -1, y: -1, w: 0, h: 0 }
    return Array.from({ length: w * h }, (_, index) => [x + (index % w), y + Math.floor(index / w)] as const)
  })
  expect(cells.length).toBeGreaterThan(0)
  expect(cells.filter(([x, y]) => x < 0 || x >= 24 || y < 0)).toEqual([])
  expect(new Set(cells.map(String)).size).toBe(cells.length)
})

describe.each(panels)('panel “%s”', (title, panel) => {
  test('says what it is, what it means and in which unit', () => {
    expect(title).not.toBe('')
    expect(panel.description).toMatch(/^[A-Z].{20,}\.$/s)
    expect(panel.fieldConfig?.defaults.unit).toMatch(/^(none|short|cps|percentunit|s)$/)
  })

  test('asks the data source that is chosen on the dashboard, in queries of different names', () => {
    const targets = targetsOf(panel)
    expect(targets.length).toBeGreaterThan(0)
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length)
    for (const { datasource } of [...targets, { datasource: panel.datasource }])
      expect(datasource?.uid).toBe('${datasource}')
  })
})

test('the data source is a variable, and every variable that a query names is defined before it is used', () => {
  const list = dashboard.templating?.list ?? []
  expect(list[0]).toMatchObject({ type: 'datasource', name: 'datasource', query: 'prometheus' })
  const defined = new Set<string>()
  for (const { name, query } of list) {
    for (const [, used] of textOf(query).matchAll(/\$(\w+)/g)) expect(defined).toContain(used)
    defined.add(name)
  }
  const used = [...JSON.stringify([dashboard.panels, dashboard.annotations]).matchAll(/\$\{?(\w+)/g)].map(
    ([, name]) => name,
  )
  expect(used.filter((name) => !name?.startsWith('__') && !defined.has(name ?? ''))).toEqual([])
  expect([...defined].filter((name) => !used.includes(name) && name !== 'datasource')).toEqual([])
})

test.each(queries)('panel “%s” %s parses and names only catalogued metrics and labels', (_title, _refId, expr) => {
  expect(faultsOf(expr)).toEqual([])
})

test('the queries of variables name only catalogued metrics and labels', () => {
  const asked = (dashboard.templating?.list ?? []).flatMap(({ query }) => {
    const match = /^label_values\((.*), (\w+)\)$/.exec(textOf(query))
    return match === null ? [] : [`sum by (${match[2]}) (${match[1]})`]
  })
  expect(asked).toHaveLength(4)
  expect(asked.flatMap(faultsOf)).toEqual([])
})

test('deployments are annotations', () => {
  expect(dashboard.annotations?.list?.[0]).toMatchObject({ name: 'Deployments', enable: true })
  expect(JSON.stringify(dashboard.annotations)).toContain(JSON.stringify(DEPLOYMENT_EVENTS).slice(1, -1))
  expect(faultsOf(DEPLOYMENT_EVENTS)).toEqual([])
})

test('every query that is written is on the dashboard', () => {
  const shown = new Set(queries.map(([, , expr]) => expr))
  expect(
    Object.entries(QUERIES)
      .filter(([, { expr }]) => !shown.has(expr))
      .map(([name]) => name),
  ).toEqual([])
})

test('no rate and no increase is taken of anything but a counter or the series of a histogram', () => {
  const taken = queries.flatMap(([, , expr]) => [...expr.matchAll(/(?:rate|increase)\((\w+)/g)].map(([, name]) => name))
  expect(taken.length).toBeGreaterThan(0)
  expect(taken.filter((name) => !/(_total|_bucket|_count|_sum)$/.test(name ?? ''))).toEqual([])
})

test.each([
  'accuracy',
  'precision',
  'recall',
  'naivePrecision',
  'naiveRecall',
  'weightedPrecision',
  'weightedRecall',
  'coverage',
] as const)('%s has no value when too little is behind it', (name) => {
  expect(QUERIES[name].expr).toContain('>= $evidence')
})
