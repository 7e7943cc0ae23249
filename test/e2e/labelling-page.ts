import type { Browser, Page } from 'playwright-core'
import { until } from '../services/until.ts'
import type { Account, LabelStudioServer } from '../services/label-studio.ts'

/** The page on which somebody answers. */
export interface LabellingPage {
  readonly page: Page
  /** Opens the next task of a project, and waits until its questions are there. */
  readonly next: (project: number) => Promise<void>
  /** Opens a task that is answered, by its number, and waits until an entry shows what was answered. */
  readonly open: (project: number, task: number, entry: string, value: string) => Promise<void>
  /** Presses a button and waits until the server has taken what is handed in. */
  readonly press: (button: 'submit' | 'update' | 'skip') => Promise<void>
  /** What went wrong on the page. */
  readonly complaints: string[]
}

/** Logs an account in, in a browser of its own. */
export async function openLabellingPage(
  browser: Browser,
  { url }: LabelStudioServer,
  { email, password }: Account,
): Promise<LabellingPage> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 1180 } })
  // The page has the server's work to wait for, on a machine that may be busy.
  context.setDefaultTimeout(120_000)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('dialog', (dialog) => complaints.push(dialog.message()))
  await page.goto(`${url}/user/login`)
  await page.fill('[name=email]', email)
  await page.fill('[name=password]', password)
  await page.click('[type=submit]')
  await page.waitForURL((address) => !address.pathname.startsWith('/user/login'))

  async function show(path: string): Promise<void> {
    await page.goto(`${url}${path}`)
    await page.getByText('This task is unclear').waitFor()
  }

  return {
    page,
    complaints,
    next: (project) => show(`/projects/${project}/data?labeling=1`),
    open: async (project, task, entry, value) => {
      await show(`/projects/${project}/data?task=${task}`)
      // What is entered before the answer has come from the server is overwritten by it.
      const input = page.locator(`input[name=${entry}]`)
      await until(async () => ((await input.inputValue()) === value ? true : undefined), `${entry} shows ${value}`)
    },
    press: async (button) => {
      const [response] = await Promise.all([
        page.waitForResponse((answer) => answer.request().method() !== 'GET' && /\/annotations/.test(answer.url())),
        page.getByTestId(`bottombar-${button}-button`).click(),
      ])
      if (!response.ok()) throw new Error(`${button} was answered with ${response.status()}`)
    },
  }
}
