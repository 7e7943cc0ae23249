import { loopAtAGlance } from './loop-at-a-glance.ts'
import { metricsPage } from './metrics-page.ts'
import { rulesYaml } from './rules.ts'

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

/** Everything that is generated and committed: path from the root of the repository, and what it contains. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['dashboards/generated/loop-at-a-glance.json', json(loopAtAGlance())],
    ['dashboards/generated/groundtrace.rules.yaml', rulesYaml()],
    ['docs/metrics.md', metricsPage()],
  ])
}
