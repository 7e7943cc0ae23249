import { execFile } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasLabelStudio, startLabelStudio } from '../services/label-studio.ts'
import { hasPostgres, startPostgres } from '../services/postgres.ts'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

interface Block {
  readonly file: string
  readonly line: number
  readonly language: string
  readonly code: string
}

/** Every fenced block of a page, with the line it starts at. */
function blocksOf(file: string): readonly Block[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/^```(\w+)[^\n]*\n([\s\S]*?)^```/gm)].map((match) => ({
    file,
    line: text.slice(0, match.index).split('\n').length,
    language: match[1] ?? '',
    code: match[2] ?? '',
  }))
}

const pages = globSync(
  ['README.md', 'docs/**/*.md', 'packages/*/README.md', 'dashboards/README.md', 'examples/*/README.md'],
  {
    cwd: root,
  },
).filter((file) => !file.includes('node_modules'))
const blocks = pages.flatMap(blocksOf).filter(({ language }) => ['ts', 'js'].includes(language))

/** What a block reads from the environment, and so needs a service for. */
interface Need {
  readonly variable: string
  readonly present: boolean
  /** @returns the environment of the blocks */
  readonly start: () => Promise<{
    readonly environment: Readonly<Record<string, string>>
    readonly stop: () => Promise<void>
  }>
}

const NEEDS: readonly Need[] = [
  {
    variable: 'DATABASE_URL',
    present: hasPostgres,
    start: async () => {
      const postgres = await startPostgres()
      return { environment: { DATABASE_URL: postgres.url }, stop: () => postgres.stop() }
    },
  },
  {
    variable: 'LABEL_STUDIO_URL',
    present: hasLabelStudio,
    start: async () => {
      const server = await startLabelStudio()
      const { url, admin } = server
      return {
        environment: { LABEL_STUDIO_URL: url, LABEL_STUDIO_TOKEN: admin.token },
        stop: () => server.stop(),
      }
    },
  },
]

const missing = process.env['CI'] === 'true' ? [] : NEEDS.filter(({ present }) => !present)
const running = blocks.filter(({ code }) => missing.every(({ variable }) => !code.includes(variable)))

let folder = ''
const environment: Record<string, string> = {}
const stops: (() => Promise<void>)[] = []

beforeAll(async () => {
  // Inside the workspace, so that packages resolve by name as they do for a user.
  folder = mkdtempSync(join(root, 'test/.docs-'))
  for (const { variable, start } of NEEDS) {
    if (!running.some(({ code }) => code.includes(variable))) continue
    const service = await start()
    stops.push(service.stop)
    Object.assign(environment, service.environment)
  }
})

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  for (const stop of stops) await stop()
})

describe('every code block of the documentation runs', () => {
  test.each(running.map((block) => [`${block.file}:${block.line}`, block] as const))(
    '%s',
    async (name, { code, language }) => {
      const file = join(folder, `${name.replace(/\W+/g, '-')}.${language === 'js' ? 'mjs' : 'ts'}`)
      writeFileSync(file, code)
      await expect(
        run(process.execPath, ['--conditions=source', '--disable-warning=ExperimentalWarning', file], {
          cwd: folder,
          timeout: 60_000,
          env: { ...process.env, ...environment },
        }),
      ).resolves.toBeDefined()
    },
  )
})

test('every code block in TypeScript is one to a strict compiler', async () => {
  const typed = mkdtempSync(join(root, 'test/.docs-types-'))
  try {
    const written = blocks.filter(({ language }) => language === 'ts')
    // The word makes a module of what imports nothing.
    for (const { file, line, code } of written) {
      writeFileSync(join(typed, `${file.replace(/\W+/g, '-')}-${line}.ts`), `${code}\nexport {}\n`)
    }
    const include = ['*.ts', '../../hosts/web/untyped-express.d.ts']
    writeFileSync(join(typed, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.tests.json', include }))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const told = await run(process.execPath, [tsc, '-p', typed]).catch((failed: { stdout: string }) => failed)
    // Of the sources, other checks tell.
    expect(told.stdout.split('\n').filter((line) => line.includes('.docs-types-'))).toEqual([])
  } finally {
    rmSync(typed, { recursive: true, force: true })
  }
}, 60_000)

test('the documentation has code blocks', () => {
  expect(blocks.length).toBeGreaterThan(0)
})

describe('every relative link of the documentation leads to a file', () => {
  test.each(pages)('%s', (file) => {
    const text = readFileSync(join(root, file), 'utf8')
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) => match[1] ?? '')
    const broken = links.filter((link) => globSync(join(root, file, '..', decodeURI(link))).length === 0)
    expect(broken).toEqual([])
  })
})
