import { execFile } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPostgres, startPostgres, type Postgres } from '../services/postgres.ts'

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

/** What a block reads from the environment, and so needs a database for. */
const DATABASE_URL = 'DATABASE_URL'
const skipsPostgres = !hasPostgres && process.env['CI'] !== 'true'

let folder = ''
let postgres: Postgres | undefined

beforeAll(async () => {
  // Inside the workspace, so that packages resolve by name as they do for a user.
  folder = mkdtempSync(join(root, 'test/.docs-'))
  if (!skipsPostgres && blocks.some(({ code }) => code.includes(DATABASE_URL))) postgres = await startPostgres()
})

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await postgres?.stop()
})

describe('every code block of the documentation runs', () => {
  const running = blocks.filter(({ code }) => !skipsPostgres || !code.includes(DATABASE_URL))
  test.each(running.map((block) => [`${block.file}:${block.line}`, block] as const))(
    '%s',
    async (name, { code, language }) => {
      const file = join(folder, `${name.replace(/\W+/g, '-')}.${language === 'js' ? 'mjs' : 'ts'}`)
      writeFileSync(file, code)
      await expect(
        run(process.execPath, ['--conditions=source', '--disable-warning=ExperimentalWarning', file], {
          cwd: folder,
          timeout: 60_000,
          env: { ...process.env, ...(postgres === undefined ? {} : { [DATABASE_URL]: postgres.url }) },
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
