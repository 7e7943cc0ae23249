// Every published package, as it would arrive at a user: publint and attw over the packed files.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './install.mjs'

const failures = readdirSync(join(root, 'packages')).filter((folder) => {
  const directory = join(root, 'packages', folder)
  const { exports } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
  const tools = [['publint/src/cli.js', '--strict', directory]]
  if (exports !== undefined)
    tools.push([
      '@arethetypeswrong/cli/dist/index.js',
      '--pack',
      directory,
      '--profile',
      'esm-only',
      '--format',
      'ascii',
      '--quiet',
    ])
  return tools.some(([tool, ...arguments_]) => {
    const result = spawnSync(process.execPath, [join(root, 'node_modules', tool), ...arguments_], { encoding: 'utf8' })
    if (result.status !== 0) process.stderr.write(`${folder}: ${result.stdout}${result.stderr}\n`)
    return result.status !== 0
  })
})
process.exit(failures.length === 0 ? 0 : 1)
