import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runMainJob } from '../../examples/mail-triage/src/main-job.ts'
import { reportPage } from '../../examples/mail-triage/src/report/page.ts'
import { resultOf } from '../../examples/mail-triage/src/result.ts'
import { hasChromium, startChromium } from '../services/chromium.ts'
import { openTrackedMailService } from '../services/tracked-mail-service.ts'

if (!hasChromium && process.env.CI === 'true')
  throw new Error('Chromium is missing. Install it: apt-get install chromium.')

const VIEWS = [
  { name: 'desktop, light', width: 1100, colorScheme: 'light' },
  { name: 'desktop, dark', width: 1100, colorScheme: 'dark' },
  { name: 'phone, light', width: 390, colorScheme: 'light' },
  { name: 'phone, dark', width: 390, colorScheme: 'dark' },
] as const

describe.runIf(hasChromium)('the report in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-report-'))
  const file = join(folder, 'report.html')
  let browser: Browser

  beforeAll(async () => {
    browser = await startChromium()
    const service = openTrackedMailService({ seed: 1, folder: join(folder, 'run') })
    const record = await runMainJob({ service })
    const result = await resultOf(record, { seconds: 0, rssMb: 0, report: file })
    writeFileSync(file, await reportPage(record, result))
    await service.close()
  })

  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('tells of one mail what was done with it, and what chance had to do with it', () => {
    const html = readFileSync(file, 'utf8')
    expect(html).toMatch(/would have been blocked; released by a chance of \d+\u00A0%/)
    expect(html).not.toMatch(/\d\d\d\d predictions|undefined|NaN|\[object/)
  })

  test.each(VIEWS)('reads well on $name', async ({ width, colorScheme }) => {
    const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme })
    const page = await context.newPage()
    const requests: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('console', (message) => complaints.push(message.text()))
    await page.goto(pathToFileURL(file).href)
    // Self-contained: the page asks for nothing but itself, and nothing is refused.
    expect(requests).toEqual([pathToFileURL(file).href])
    expect(complaints).toEqual([])
    expect(await page.locator('figure svg').count()).toBe(6)
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow).toBe(0)
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll('figure')].flatMap((figure) => {
        const { left, right } = figure.getBoundingClientRect()
        return [...figure.querySelectorAll('svg, svg text')]
          .filter((part) => part.getBoundingClientRect().left < left || part.getBoundingClientRect().right > right)
          .map((part) => part.textContent)
      }),
    )
    // Every drawing is seen whole, with all of its labels.
    expect(cut).toEqual([])
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 80)).join(' | ')}`),
    ).toEqual([])
    await context.close()
  })
})
