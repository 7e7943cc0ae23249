import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { TARGETS } from '../../src/targets/targets.ts'

const root = join(import.meta.dirname, '../../../..')
const readme = readFileSync(join(root, 'packages/instrumentation/README.md'), 'utf8')

/** The exact versions that a host of the tests installs, by the names of packages; an alias says which it is. */
function installed(host: string): Readonly<Record<string, string>> {
  const manifest = JSON.parse(readFileSync(join(root, 'hosts', host, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  return Object.fromEntries(
    Object.entries(manifest.dependencies).map(([name, version]) => [name, version.replace(/^npm:.*@/, '')]),
  )
}

const minor = (version = ''): string => version.split('.').slice(0, 2).join('.')

/** The row of Supported Versions that begins with a package. */
const rowOf = (name: string): string => new RegExp(`^\\| \\[\`${name}\`\\].*$`, 'm').exec(readme)?.[0] ?? ''

describe.each(TARGETS)('$module', ({ module, versions }) => {
  const { [module]: latest = '', [`${module}-lowest`]: lowest = '' } = installed('targets')

  test('is tested at both ends of its range', () => {
    const [, from, below] = /^>=(\S+) <(\d+)$/.exec(versions.join(' || ')) ?? []
    expect(lowest).toBe(from)
    expect(Number(latest.split('.')[0]) + 1).toBe(Number(below))
  })

  test('is supported and tested as the README says', () => {
    expect(rowOf(module)).toContain(`\`${versions.join(' || ')}\``)
    expect(rowOf(module)).toContain(`tested with ${lowest} and ${latest}`)
  })
})

test('OpenTelemetry is tested as the README says', () => {
  const [older, newer] = [installed('sdk-2'), installed('sdk-3')]
  expect(rowOf('@opentelemetry/instrumentation')).toContain(
    `Tested with ${minor(older['@opentelemetry/instrumentation'])} and ${minor(newer['@opentelemetry/instrumentation'])}`,
  )
  const sdk = /^\| OpenTelemetry SDK .*$/m.exec(readme)?.[0]
  expect(sdk).toContain(`${minor(older['@opentelemetry/sdk-trace-node'])} and logs`)
  expect(sdk).toContain(`on API ${older['@opentelemetry/api']})`)
  expect(sdk).toContain(
    `tested with ${minor(newer['@opentelemetry/sdk-trace'])} on API ${newer['@opentelemetry/api']})`,
  )
})

test('each target is one file of its name, and one line in the table', () => {
  const folder = join(root, 'packages/instrumentation/src/targets')
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
  expect(files.toSorted()).toEqual(
    ['target.ts', 'targets.ts', ...TARGETS.map(({ module }) => `${module}.ts`)].toSorted(),
  )
})
