import { defineConfig } from 'vitest/config'

/** Sources run as they are: the `source` export condition of every package points at its `.ts`. */
const resolve = { conditions: ['source'] }
const ssr = { resolve: { conditions: ['source'], externalConditions: ['source'] } }

export default defineConfig({
  test: {
    // One less than there are cores by default: on a machine with two that is one, and takes twice as long.
    maxWorkers: '100%',
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'dashboards/test/**/*.test.ts', 'examples/*/test/**/*.test.ts'],
          // For loaded machines; on a quiet one the slowest takes 3 seconds.
          testTimeout: 30_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 60_000,
          // The first time ever, a test of Label Studio waits for its data folder to be made.
          hookTimeout: 300_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          // Builds an OpenTelemetry Collector the first time, which takes minutes: not part of `npm test`.
          name: 'e2e:collector',
          include: ['test/collector/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 1_200_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
