#!/usr/bin/env node
// Runs the built command line; in a checkout, its sources as they are.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const built = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const source = fileURLToPath(new URL('../src/main.ts', import.meta.url))

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(`groundtrace needs Node 22.15 or newer; this is ${process.version}. Install a newer one.\n`)
  process.exitCode = 1
} else {
  // Node 22 says of its SQLite that it is experimental, in every thread; nobody at this terminal can do anything about it.
  const quiet = '--disable-warning=ExperimentalWarning'
  const program = existsSync(source) ? ['--conditions=source', quiet, source] : [quiet, built]
  const child = spawn(process.execPath, [...program, ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal interrupts both by itself; what a supervisor sends comes only here.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
}
