import { rmSync } from 'node:fs'
import { afterAll, beforeAll } from 'vitest'
import type { End } from './installed-targets.ts'
import { startOpenAiServer, type OpenAiServer } from './openai-server.ts'
import { installPrograms, temporaryFolder } from './tracked-program.ts'

/** The programs of `hosts/targets` on their hosts, and the server of a model for them to ask. */
export interface TrackedHosts {
  /** Has a folder for each host, named as that. */
  readonly work: string
  /** Runs from before the first test until after the last. */
  readonly server: () => OpenAiServer
}

/** Installs the programs before the tests of a file, and takes them away after them. @param name of the folder */
export function trackedHosts(name: string, hosts: Readonly<Record<string, End>>): TrackedHosts {
  const work = temporaryFolder(name)
  let server: OpenAiServer
  beforeAll(async () => {
    server = await startOpenAiServer()
    await installPrograms(work, hosts)
  })
  afterAll(async () => {
    await server.close()
    rmSync(work, { recursive: true, force: true })
  })
  return { work, server: () => server }
}
