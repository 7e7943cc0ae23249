// The types of every published package, as a strict service compiles them that installed what it must and no more.
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from './install.mjs'

/** It is for vitest, an optional peer, and for nobody who has none. */
const LEFT_OUT = '@groundtrace/register/testing'

/** Links are taken for folders: so nothing is found that only this workspace has. */
const COMPILER_OPTIONS = {
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  preserveSymlinks: true,
  module: 'nodenext',
  target: 'es2022',
  types: ['node'],
  noEmit: true,
}

const folders = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name))
const packages = folders.map((folder) => ({
  folder,
  ...JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
}))

const service = mkdtempSync(join(tmpdir(), 'groundtrace-types-'))

function link(folder, name) {
  const path = join(service, 'node_modules', name)
  mkdirSync(dirname(path), { recursive: true })
  if (!existsSync(path)) symlinkSync(folder, path)
}

/** Where npm put what a package asks for. */
function installed(name, folder) {
  return [folder, root].map((place) => join(place, 'node_modules', name)).find((path) => existsSync(path))
}

try {
  for (const { folder, name } of packages) link(folder, name)
  for (const { folder, dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } of packages) {
    const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true)
    for (const name of [...Object.keys(dependencies), ...peers]) link(installed(name, folder), name)
  }
  for (const name of ['@types/node', 'undici-types']) link(installed(name, root), name)

  const entries = packages.flatMap(({ name, exports = {} }) => Object.keys(exports).map((path) => join(name, path)))
  const modules = entries.filter((entry) => !entry.endsWith('.json') && entry !== LEFT_OUT)
  writeFileSync(join(service, 'package.json'), '{ "type": "module" }')
  writeFileSync(
    join(service, 'service.ts'),
    modules.map((entry, index) => `export type * as m${index} from '${entry}'\n`).join(''),
  )
  writeFileSync(
    join(service, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ['service.ts'] }),
  )
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', service], { stdio: 'inherit' })
  process.exitCode = status === 0 ? 0 : 1
} finally {
  rmSync(service, { recursive: true, force: true })
}
