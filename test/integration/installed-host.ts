import { execFile } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)
const tsc = join(root, 'node_modules/typescript/bin/tsc')

/** The packages that a service installs to track predictions, in the order they are built in. */
const OURS = ['core', 'instrumentation'] as const

interface Manifest {
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/** Builds our packages as they are published (manifest and dist), into `folder/<name>`; the sources' own dist stays as it is. */
export async function buildOurs(folder: string): Promise<void> {
  for (const name of OURS) {
    const source = join(root, 'packages', name)
    const target = join(folder, name)
    mkdirSync(target, { recursive: true })
    const project = join(target, 'tsconfig.json')
    const compilerOptions = {
      rootDir: join(source, 'src'),
      outDir: join(target, 'dist'),
      composite: false,
      typeRoots: [join(root, 'node_modules/@types')],
      paths: {
        '@groundtrace/core': [join(folder, 'core/dist/index.d.ts')],
        '@groundtrace/core/*': [join(folder, 'core/dist/*.d.ts')],
      },
    }
    const extending = join(root, 'tsconfig.base.json')
    writeFileSync(project, JSON.stringify({ extends: extending, compilerOptions, include: [join(source, 'src')] }))
    await compile(project)
    copyFileSync(join(source, 'package.json'), join(target, 'package.json'))
  }
}

/** Where Node finds a package from a folder: in the nearest `node_modules` upwards. */
export function findPackage(name: string, from: string): string {
  const folder = join(from, 'node_modules', name)
  if (existsSync(folder)) return folder
  if (dirname(from) === from) throw new Error(`${name} is not installed: run npm install`)
  return findPackage(name, dirname(from))
}

/** Copies packages with what they depend on, one version of each on top and others below who needs them, as npm does. */
function installAll(names: readonly string[], from: string, into: string, top: string): void {
  for (const name of names) {
    const source = findPackage(name, from)
    const { version, dependencies = {} } = manifestOf(source)
    const onTop = join(top, 'node_modules', name)
    if (existsSync(onTop) && manifestOf(onTop).version === version) continue
    const target = join(existsSync(onTop) ? into : top, 'node_modules', name)
    cpSync(source, target, {
      recursive: true,
      dereference: true,
      filter: (file) =>
        file === source || (!file.slice(source.length).includes('node_modules') && !file.endsWith('.map')),
    })
    installAll(Object.keys(dependencies), source, target, top)
  }
}

/**
 * A service of its own in `folder`: the OpenTelemetry packages of one of `hosts/`, our packages as built, and the program.
 * Nothing in it leads back to the workspace, whose one `@opentelemetry/api` would hide what differs between hosts.
 */
export function installHost(name: string, builds: string, folder: string): void {
  const host = join(root, 'hosts', name)
  mkdirSync(folder, { recursive: true })
  installAll(Object.keys(manifestOf(host).dependencies ?? {}), host, folder, folder)
  for (const ours of OURS) {
    cpSync(join(builds, ours), join(folder, 'node_modules/@groundtrace', ours), { recursive: true })
  }
  mkdirSync(join(folder, name))
  copyFileSync(join(host, 'main.ts'), join(folder, name, 'main.ts'))
  for (const program of ['service.ts', 'web-service.ts']) {
    copyFileSync(join(root, 'hosts', program), join(folder, program))
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: `host-${name}`, private: true, type: 'module' }))
}

/** Gives our instrumentation an `@opentelemetry/api` of its own, as npm does when a service pins another. */
export function nestApi(folder: string): void {
  const api = join(folder, 'node_modules/@groundtrace/instrumentation/node_modules/@opentelemetry/api')
  cpSync(findPackage('@opentelemetry/api', root), api, { recursive: true })
}

/** Checks the types of the program against the packages that were installed beside it. Rejects with what is wrong. */
export async function checkTypes(folder: string): Promise<void> {
  const types = join(folder, 'node_modules/@types')
  if (!existsSync(types)) symlinkSync(join(root, 'node_modules/@types'), types)
  const compilerOptions = {
    target: 'es2024',
    lib: ['es2024', 'esnext.iterator'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    allowImportingTsExtensions: true,
  }
  const project = join(folder, 'tsconfig.json')
  writeFileSync(project, JSON.stringify({ compilerOptions, include: ['*.ts', '*/main.ts'] }))
  await compile(project)
}

/** Rejects with what the compiler says is wrong. */
async function compile(project: string): Promise<void> {
  await run(process.execPath, [tsc, '-p', project]).catch((error: Error & { stdout?: string }) => {
    throw new Error(error.stdout ?? error.message, { cause: error })
  })
}

/** Runs the service of a host in its mode against a receiver. @returns what it wrote */
export async function runService(
  folder: string,
  name: string,
  mode: string,
  receiver: string,
): Promise<{ stdout: string; stderr: string }> {
  return runProgram(folder, join(name, 'main.ts'), mode, receiver)
}

/** Runs a program of a host. @returns what it wrote */
export async function runProgram(
  folder: string,
  program: string,
  ...args: readonly string[]
): Promise<{ stdout: string; stderr: string }> {
  const all = ['--disable-warning=ExperimentalWarning', join(folder, program), ...args]
  return run(process.execPath, all, { cwd: folder })
}
