import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  answerReader,
  applyPlan,
  createLabelStudioClient,
  readPlan,
  taskDataOf,
  type AnnotationPlan,
  type LabelStudio,
} from '@groundtrace/label-studio'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, startChromium } from '../services/chromium.ts'
import { hasLabelStudio, startLabelStudio, type LabelStudioServer } from '../services/label-studio.ts'
import { annotationPlan, handedIn, projectOf, tasksOf, webhookSecret } from './annotation-plans.ts'
import { openLabellingPage } from './labelling-page.ts'

if ((!hasChromium || !hasLabelStudio) && process.env['CI'] === 'true')
  throw new Error('Chromium or Label Studio is missing. Install them: npm test -- --services.')

/** Text that a page must show and never obey. */
const HOSTILE = [
  '<script>window.broken = 1</script>',
  '<img src=x onerror="window.broken = 1">',
  '"><svg onload=window.broken=1>',
  '$subject {{idx}} ${1+1} &lt;b&gt; &amp; ]]> <!--',
  'javascript:window.broken=1',
].join('\n')

describe.runIf(hasChromium && hasLabelStudio)('the labelling page of a plan', () => {
  let server: LabelStudioServer
  let labelStudio: LabelStudio
  let browser: Browser

  beforeAll(async () => {
    server = await startLabelStudio()
    labelStudio = createLabelStudioClient({ url: server.url, token: server.admin.token })
    browser = await startChromium()
  })

  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  /** @returns the number of the crowd's project */
  async function apply(what: AnnotationPlan): Promise<number> {
    const { projects } = await applyPlan(labelStudio, what, { webhookSecret })
    return projects[0]?.server ?? 0
  }

  test('shows guidelines, shares and flag, and what is handed in comes back as an answer', async () => {
    // The plan of the documentation.
    const folder = join(import.meta.dirname, '../../docs/annotation')
    const readFile = (path: string): string => readFileSync(join(folder, path), 'utf8')
    const mail = readPlan(readFile('plan.yaml'), { readFile })
    const project = projectOf(mail)
    const read = answerReader({ classes: ['ham', 'spam'], shares: true })
    const id = await apply(mail)
    const data = taskDataOf(project, {
      features: {
        subject: 'Autumn offers inside',
        text: 'Dear reader,\n\nas every month, here is what is new in our shop.',
      },
    })
    await labelStudio.importTasks(id, [{ data: data ?? {} }, { data: data ?? {} }])
    const annotator = await server.signUp('anna')
    const { page, next, open, press, complaints } = await openLabellingPage(browser, server, annotator)

    await next(id)
    const guidelines = page.locator('.ant-collapse-content')
    expect(await guidelines.locator('h3').innerText()).toBe('Wanted or not?')
    expect(await guidelines.locator('li').count()).toBe(3)
    await page.getByText('Wanted mail').first().click()
    await page.fill('input[name=share_ham]', '70')
    await page.fill('input[name=share_spam]', '30')
    await page.getByText('This task is unclear').click()
    await page.fill('[name=unclear_note]', 'Did they ask for it? <b>No idea</b>')
    const pictures = process.env['GROUNDTRACE_PICTURES']
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, 'labelling-page.png') })
    await press('submit')
    const [answered] = await handedIn(labelStudio, id)
    expect(read(answered ?? { result: [], skipped: true })).toEqual({
      label: 'ham',
      shares: { ham: 0.7, spam: 0.3 },
      unclear: true,
      note: 'Did they ask for it? <b>No idea</b>',
      guidelineVersion: project.guidelines.version,
      faults: [],
    })

    // Changed guidelines are another version, and an answer keeps the one that it was given under.
    const changed = readPlan(readFile('plan.yaml'), {
      readFile: (path) => readFile(path).replace('Not sure?', 'In doubt?'),
    })
    const { version } = projectOf(changed).guidelines
    expect(version).not.toBe(project.guidelines.version)
    await apply(changed)
    const [first] = await tasksOf(labelStudio, id)
    await open(id, first?.id ?? 0, 'share_ham', '70')
    await page.fill('input[name=share_ham]', '60')
    await page.fill('input[name=share_spam]', '40')
    await press('update')
    await next(id)
    await page.getByText('This task is unclear').click()
    await press('skip')
    expect((await handedIn(labelStudio, id)).map(read)).toEqual([
      expect.objectContaining({ shares: { ham: 0.6, spam: 0.4 }, guidelineVersion: project.guidelines.version }),
      { unclear: true, guidelineVersion: version, faults: [] },
    ])
    expect(complaints).toEqual([])
  })

  test('shows hostile features and texts as the text that they are, and takes a class that looks like a name', async () => {
    const mail = annotationPlan('hostile')
    const project = projectOf(mail)
    const id = await apply(mail)
    const data = taskDataOf(project, { features: { 'mail.subject': '<h1>Subject</h1>', body: HOSTILE } })
    await labelStudio.importTasks(id, [{ data: data ?? {} }])
    const { page, next, press, complaints } = await openLabellingPage(browser, server, server.admin)
    await next(id)
    const shown = page.locator('.lsf-richtext__container')
    expect(await shown.allInnerTexts()).toEqual(['<h1>Subject</h1>', HOSTILE])
    expect(await shown.locator('script, img, svg, h1, a').count()).toBe(0)
    expect(await page.getByText('Unwanted & <b>bulk</b> mail').count()).toBeGreaterThan(0)
    const guidelines = await page.locator('.ant-collapse-content').innerText()
    expect(guidelines.replaceAll('\u2060', '')).toContain('Offers above $budget')
    await page.getByText('Wanted mail').first().click()
    await page.fill('input[name="share_ham_20_24subject"]', '50')
    await page.fill('input[name=share_spam]', '50')
    await press('submit')
    const read = answerReader({ classes: ['ham $subject', 'spam'], shares: true })
    expect((await handedIn(labelStudio, id)).map(read)).toMatchObject([{ label: 'ham $subject', faults: [] }])
    expect(await page.evaluate(() => (globalThis as { broken?: unknown }).broken)).toBeUndefined()
    expect(complaints).toEqual([])
  })
})
