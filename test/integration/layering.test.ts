import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** Who may import what of ours; the table of the README's design. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'packages/core': [],
  'packages/statistics': [],
  'packages/instrumentation': ['@groundtrace/core'],
  'packages/exploration': ['@groundtrace/core', '@groundtrace/statistics'],
  'packages/register': ['@groundtrace/core', '@groundtrace/statistics'],
  'packages/label-studio': ['@groundtrace/core', '@groundtrace/statistics'],
  'packages/prometheus': ['@groundtrace/core', '@groundtrace/statistics'],
  'packages/flywheel': ['@groundtrace/core', '@groundtrace/statistics'],
  'packages/groundtrace': [
    '@groundtrace/core',
    '@groundtrace/label-studio',
    '@groundtrace/prometheus',
    '@groundtrace/register',
  ],
  dashboards: ['@groundtrace/prometheus'],
}

/** Only the composition root may read the environment, and the one file that is made for `node --import`. */
const READS_ENVIRONMENT = ['packages/groundtrace/', 'packages/instrumentation/src/register.ts']

/** Module specifiers of static imports, re-exports and dynamic imports. */
function importsOf(source: string): readonly string[] {
  return [...source.matchAll(/(?:from|import)\s*\(?\s*['"]([\w@./:#-]+)['"]/g)].map((match) => match[1] ?? '')
}

const packageOf = (specifier: string): string =>
  specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : (specifier.split('/')[0] ?? '')

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

describe.each(Object.entries(MAY_IMPORT))('%s', (folder, allowed) => {
  const files = globSync(`${folder}/src/**/*.ts`, { cwd: root })
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest
  const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }))

  test('has sources', () => {
    expect(files.length).toBeGreaterThan(0)
  })

  test('imports of ours only what the layering allows, and only what its manifest declares', () => {
    const wrong = files.flatMap((file) =>
      importsOf(readFileSync(join(root, file), 'utf8'))
        .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
        .map(packageOf)
        .filter((name) => !declared.has(name) || (isOurs(name) && !allowed.includes(name)))
        .map((name) => `${file} imports ${name}`),
    )
    expect(wrong).toEqual([])
  })

  test('imports no file of another package by its path', () => {
    const escaping = files.flatMap((file) =>
      importsOf(readFileSync(join(root, file), 'utf8'))
        .filter((specifier) => specifier.startsWith('.'))
        .filter((specifier) => relative(join(root, folder), join(root, file, '..', specifier)).startsWith('..'))
        .map((specifier) => `${file} imports ${specifier}`),
    )
    expect(escaping).toEqual([])
  })

  test('reads the environment only where that is its job', () => {
    const reading = files
      .filter((file) => !READS_ENVIRONMENT.some((place) => file.startsWith(place)))
      .filter((file) => readFileSync(join(root, file), 'utf8').includes('process.env'))
    expect(reading).toEqual([])
  })
})

function isOurs(name: string): boolean {
  return name === 'groundtrace' || name.startsWith('@groundtrace/')
}

test('every package has a row in the layering', () => {
  const packages = globSync('packages/*/package.json', { cwd: root }).map((file) => file.replace('/package.json', ''))
  expect(packages.filter((folder) => !(folder in MAY_IMPORT))).toEqual([])
})
