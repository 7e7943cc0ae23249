import { createRequire, register, registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

/** What `import-in-the-middle/register-hooks.mjs` exports, since its version 3. */
interface SynchronousHooks {
  readonly supportsSyncHooks: () => boolean
  readonly register: (options: { readonly include: readonly string[] }) => void
}

/**
 * Lets an instrumentation see what is imported as an ES module: only these modules, as they are named in imports. The
 * hooks are those that the host's `@opentelemetry/instrumentation` listens to, and run in the application's thread where
 * Node can do that, else in Node's own thread for hooks.
 * @throws when `@opentelemetry/instrumentation` is not installed
 */
export function hookImports(modules: readonly string[]): void {
  const require = createRequire(createRequire(import.meta.url).resolve('@opentelemetry/instrumentation'))
  const hooks = synchronousHooks(require)
  if (typeof registerHooks === 'function' && hooks?.supportsSyncHooks() === true) {
    hooks.register({ include: modules })
    return
  }
  const loader = pathToFileURL(require.resolve('import-in-the-middle/hook.mjs'))
  register(loader, { data: { include: modules } })
}

function synchronousHooks(require: NodeJS.Require): SynchronousHooks | undefined {
  try {
    return require('import-in-the-middle/register-hooks.mjs') as SynchronousHooks
  } catch {
    return undefined
  }
}
