import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findPackage } from './installed-host.ts'

const host = join(import.meta.dirname, '../../hosts/targets')

/** Both ends of the versions that predictions are tracked in, by the name they have in `hosts/targets`. */
export const ENDS = {
  lowest: { openai: 'openai-lowest', 'onnxruntime-node': 'onnxruntime-node-lowest' },
  latest: { openai: 'openai', 'onnxruntime-node': 'onnxruntime-node' },
} as const
export type End = keyof typeof ENDS

/** Folders that are linked to rather than copied: libraries for each platform, hundreds of megabytes. */
const LINKED = 'bin'
const LEFT_OUT = /(^|\/)node_modules(\/|$)|\.(map|d\.ts|d\.mts)$/

interface Manifest {
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/**
 * Installs a library under the name that users import it by, with what it depends on, one version of each on top and
 * others below who needs them, as npm does. Nothing leads back to the workspace but the
 * files of its native libraries: Node follows links, and would find another version of what a library imports there.
 */
function installLibrary(name: string, source: string, into: string, top: string): void {
  const onTop = join(top, 'node_modules', name)
  if (existsSync(onTop) && manifestOf(onTop).version === manifestOf(source).version) return
  const target = join(existsSync(onTop) ? into : top, 'node_modules', name)
  mkdirSync(dirname(target), { recursive: true })
  cpSync(source, target, {
    recursive: true,
    dereference: true,
    filter: (file) => {
      const path = file.slice(source.length + 1)
      return path !== LINKED && !LEFT_OUT.test(path)
    },
  })
  if (existsSync(join(source, LINKED))) symlinkSync(join(source, LINKED), join(target, LINKED))
  for (const dependency of Object.keys(manifestOf(source).dependencies ?? {})) {
    installLibrary(dependency, findPackage(dependency, source), target, top)
  }
}

/** Installs one end of the versions of the libraries into a folder. */
export function installTargets(end: End, folder: string, names: readonly (keyof (typeof ENDS)[End])[]): void {
  for (const name of names) installLibrary(name, findPackage(ENDS[end][name], host), folder, folder)
}

/** The version of a library that is installed in a folder. */
export function versionIn(folder: string, name: string): string {
  return manifestOf(join(folder, 'node_modules', name)).version
}
