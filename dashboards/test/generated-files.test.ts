import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CATALOGUE, LABELS } from '@groundtrace/prometheus'
import { expect, test } from 'vitest'
import { generatedFiles } from '../src/generated-files.ts'

const root = join(import.meta.dirname, '../..')

test.each([...generatedFiles()])(
  '%s is what the catalogue makes of it: npm run generate -w dashboards',
  (path, content) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(content)
  },
)

test('the page of metrics has every metric and every label', () => {
  const page = generatedFiles().get('docs/metrics.md') ?? ''
  for (const name of [...Object.keys(CATALOGUE), ...Object.keys(LABELS)]) expect(page).toContain(`| \`${name}\` `)
})
